from django.urls import path

from chezhe.vehicles.views import filing, listing, page

app_name = "vehicles"
urlpatterns = [
    path("", listing.vehicles, name="vehicles"),
    path("new/", filing.create, name="create"),
    path("panel/customer/", listing.of_customer, name="of_customer"),
    path("panel/profile/", page.profile, name="profile"),
    path("panel/papers/", page.papers, name="papers"),
    path("panel/valuations/", page.valuations, name="valuations"),
    path("panel/history/", page.history, name="history"),
    path("<str:number>/", page.vehicle, name="vehicle"),
    path("<str:number>/edit/", filing.edit, name="edit"),
    path("<str:number>/value/", filing.value, name="value"),
    path("<str:number>/papers/<slug:kind>/", filing.paper, name="paper"),
    path("<str:number>/reveal/<slug:field>/", page.reveal, name="reveal"),
]
