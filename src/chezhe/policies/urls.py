from django.urls import path

from chezhe.policies.views import editing, shelf, trying

app_name = "policies"
urlpatterns = [
    path("", shelf.policies, name="policies"),
    path("versions/", shelf.versions, name="versions"),
    path("versions/<str:number>/", shelf.version, name="version"),
    path("versions/<str:number>/try/", trying.ask, name="try"),
    path("versions/<str:number>/compare/", trying.compare, name="compare"),
    path("versions/<str:number>/edit/", editing.edit, name="edit"),
    path("versions/<str:number>/lint/", editing.lint, name="lint"),
    path("versions/<str:number>/import/", editing.take_file, name="import"),
    path("versions/<str:number>/table.xlsx", editing.workbook, name="workbook"),
    path("versions/<str:number>/table.json", editing.text, name="text"),
    path("versions/<str:number>/submit/", shelf.submit, name="submit"),
    path("versions/<str:number>/publish/", shelf.publish, name="publish"),
    path("versions/<str:number>/return/", shelf.send_back, name="return"),
    path("versions/<str:number>/discard/", shelf.discard, name="discard"),
    path("versions/<str:number>/cancel/", shelf.cancel, name="cancel"),
    path("versions/<str:number>/rebase/", shelf.rebase, name="rebase"),
    path("versions/<str:number>/restore/", shelf.restore, name="restore"),
    path("versions/<str:number>/draft/", editing.draft, name="draft"),
]
