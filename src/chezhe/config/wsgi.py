import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from chezhe.config.turnstile import Turnstile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chezhe.config.settings")
application = Turnstile(get_wsgi_application())
# Every room's pages, before the process serves: otherwise whoever asks it first waits for all of them.
import_module(settings.ROOT_URLCONF)
