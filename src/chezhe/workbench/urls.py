from django.urls import path

from chezhe.workbench.views import audit_trail, home, manual_pages, saved_views

app_name = "workbench"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("bell/", home.bell, name="bell"),
    path("tasks/", home.tasks, name="tasks"),
    path("today/charts/", home.charts, name="charts"),
    path("today/subscribed/", home.subscribed, name="subscribed"),
    path("today/recent/", home.recent, name="recent"),
    path("audit/", audit_trail.entries, name="audit"),
    path("audit/proof/", audit_trail.proof, name="audit_proof"),
    path("help/", manual_pages.help_for, name="help"),
    path("help/<slug:key>/", manual_pages.help_page, name="help_page"),
    path("views/", saved_views.views, name="views"),
    path("views/save/", saved_views.save, name="save_view"),
    path("views/default/", saved_views.make_default, name="default_view"),
    path("views/<str:key>/", saved_views.edit, name="edit_view"),
    path("views/<str:key>/subscribe/", saved_views.subscribe, name="subscribe_view"),
    path("views/<str:key>/unsubscribe/", saved_views.unsubscribe, name="unsubscribe_view"),
    path("views/<str:key>/remove/", saved_views.remove, name="remove_view"),
]
