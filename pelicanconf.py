"""Pelican settings for an approved tree: ``SOP_RENDER=handover.json pelican content -s pelicanconf.py``."""

import logging

from sop_site import resources
from sop_site.plugins import frame, handover, office

HANDOVER = handover.read()
_settings = HANDOVER.settings

SITENAME = _settings.office.name
SITEURL = ""
TIMEZONE = _settings.office.timezone
DEFAULT_LANG = "id"
LOCALE = ["C"]
THEME = str(resources.theme(_settings.site.theme))
# Modules, not names: a plugin that cannot be imported stops the build here instead of being skipped.
PLUGINS = [office]

# Our own generator reads, draws and copies everything; what Pelican does by default is switched off.
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
DRAFT_SAVE_AS = DRAFT_PAGE_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
CACHE_CONTENT = LOAD_CONTENT_CACHE = False
DELETE_OUTPUT_DIRECTORY = False

JINJA_ENVIRONMENT = frame.ENVIRONMENT
LOG_FILTER = [(logging.WARNING, "Docutils has no localization for '%s'. Using 'en' instead.")]
