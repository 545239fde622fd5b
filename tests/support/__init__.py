"""What the tests stand on: real PostgreSQL and Valkey servers, the portal as a process of its own, a real browser."""
