import os

from django.core.wsgi import get_wsgi_application

from chezhe.config.turnstile import Turnstile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chezhe.config.settings")
application = Turnstile(get_wsgi_application())
