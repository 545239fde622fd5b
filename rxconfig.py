"""Reflex's configuration, all of it from the portal's settings."""

import os
import shutil
import sys
from pathlib import Path

import reflex as rx

from portal.components.styles import PlainStyles
from portal.serving import PaintFirst, SameOrigin
from portal.settings import settings

os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
# The largest frame is a drawn signature.
os.environ.setdefault("REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE", "600000")

_settings = settings()
_redis = _settings.redis_url.get_secret_value()

config = rx.Config(
    app_name="portal",
    api_url=f"http://localhost:{_settings.port}",
    deploy_url=_settings.public_url,
    backend_port=_settings.port,
    backend_host=_settings.host,
    cors_allowed_origins=list(_settings.origins),
    trusted_proxy_hops=_settings.trusted_proxy_hops,
    redis_url=_redis or None,
    # Never on disk: states hold what is on a patient's screen.
    state_manager_mode="redis" if _redis else "memory",
    redis_token_expiration=3600,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    bun_path=Path(shutil.which("bun") or "bun"),
    frontend_compression_formats=["gzip", "brotli"],
    plugins=[SameOrigin(), PaintFirst(), PlainStyles()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
