"""What Celery does for mail. Each task calls one service function and may run twice, late, or never."""

from __future__ import annotations

import logging

from celery import shared_task

from mail.services import dead_targets, drafts, purge

logger = logging.getLogger(__name__)


@shared_task(name="mail.purge_deleted")
def purge_deleted() -> None:
    """Every night: what was deleted 30 days ago, and uploads of yesterday."""
    logger.info("Purged %s and %s uploads", purge.purge_deleted(), drafts.forget_old_drafts())


@shared_task(name="mail.look_at_targets")
def look_at_targets() -> None:
    """Every night: which targets of aliases take no mail."""
    logger.info("%s targets of aliases have changed", dead_targets.look_at_all())
