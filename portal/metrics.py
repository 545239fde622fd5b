"""What operators watch, in Prometheus' terms. No label ever carries a person."""

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("portal_events_total", "Events that reached the guard", ["outcome"])
EVENT_SECONDS = Histogram(
    "portal_event_seconds",
    "Time in a handler, by audience",
    ["audience"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
FAULTS = Counter("portal_faults_total", "Unexpected errors shown as a reference code")
CHANGES = Counter("portal_live_changes_total", "Changes heard of, by the road they came first", ["road"])
PUSHES = Counter("portal_live_pushes_total", "Reloads that a change set off in open pages")
SOCKETS = Gauge("portal_sockets", "Open sockets")
REFUSED = Counter("portal_refused_total", "Connections and frames refused at the edge", ["why"])
OUTBOX = Counter("portal_outbox_total", "Messages by outcome", ["channel", "outcome"])
OUTBOX_WAITING = Gauge("portal_outbox_waiting", "Messages that are due and have not gone out, by rank", ["rank"])
OUTBOX_OLDEST = Gauge("portal_outbox_oldest_seconds", "How long the oldest due message has waited, by rank", ["rank"])
JOB_SECONDS = Histogram("portal_job_seconds", "Time of one run of a job", ["job"])
JOB_FAILURES = Counter("portal_job_failures_total", "Runs of a job that failed", ["job"])
JOB_LAST_SUCCESS = Gauge(
    "portal_job_last_success_timestamp_seconds",
    "When a job last ended well, in any worker; noted once a minute",
    ["job"],
)
