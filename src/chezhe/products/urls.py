from django.urls import path

from chezhe.products.views import calculator, shelf

app_name = "products"
urlpatterns = [
    path("", shelf.products, name="products"),
    path("new/", shelf.new_product, name="new_product"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("versions/", shelf.versions, name="versions"),
    path("versions/<str:number>/", shelf.version, name="version"),
    path("versions/<str:number>/edit/", shelf.edit, name="edit"),
    path("versions/<str:number>/submit/", shelf.submit, name="submit"),
    path("versions/<str:number>/publish/", shelf.publish, name="publish"),
    path("versions/<str:number>/return/", shelf.send_back, name="return"),
    path("versions/<str:number>/discard/", shelf.discard, name="discard"),
    path("versions/<str:number>/retire/", shelf.retire, name="retire"),
    path("<str:code>/draft/", shelf.draft, name="draft"),
]
