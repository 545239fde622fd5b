"""Every page once: its address, what it shows, its title, and what it loads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from portal import routes
from portal.pages.dev.gallery import gallery
from portal.settings import Settings


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `load` runs after the practice and the session are known, each handler under the guard."""

    route: str
    show: Callable[[], rx.Component]
    title: str
    load: tuple[Any, ...] = ()


PAGES: tuple[Page, ...] = ()

DEVELOPMENT: tuple[Page, ...] = (Page(routes.DEV_GALLERY, gallery, "Components"),)


def pages(settings: Settings) -> tuple[Page, ...]:
    """The pages of this deployment."""
    return PAGES if settings.production else PAGES + DEVELOPMENT
