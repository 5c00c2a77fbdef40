from django.urls import include, path

from chezhe.portal.urls import d, m

app_name = "portal"
urlpatterns = [path("m/", include(m.urlpatterns)), path("d/", include(d.urlpatterns))]
