from django.urls import path

from chezhe.origination.views import deciding, lists, offering, page, revising, writing

app_name = "origination"
urlpatterns = [
    path("", lists.applications, name="applications"),
    path("board/", lists.board, name="board"),
    path("new/", writing.start, name="start"),
    path("panel/customer/", lists.of_customer, name="of_customer"),
    path("panel/vehicle/", lists.of_vehicle, name="of_vehicle"),
    path("panel/figures/", page.figures_panel, name="figures"),
    path("panel/plan/", page.plan_panel, name="plan"),
    path("panel/offers/", offering.offers_panel, name="offers"),
    path("panel/changes/", revising.changes_panel, name="changes"),
    path("panel/track/", page.track_panel, name="track"),
    path("<str:number>/", page.application, name="application"),
    path("<str:number>/steps/<slug:step>/", writing.step, name="step"),
    path("<str:number>/steps/<slug:step>/autosave/", writing.autosave, name="autosave"),
    path("<str:number>/steps/<slug:step>/missing/", writing.missing, name="missing"),
    path("<str:number>/parties/", writing.party, name="party"),
    path("<str:number>/parties/<str:customer_number>/remove/", writing.part, name="part"),
    path("<str:number>/wanted/<int:wanted_id>/answer/", revising.answer, name="answer"),
    path("<str:number>/copy/", revising.copy, name="copy"),
    path("<str:number>/submit/", writing.submit, name="submit"),
    path("<str:number>/review/", deciding.review, name="review"),
    path("<str:number>/contest/<slug:kind>/", deciding.contest, name="contest"),
    path("<str:number>/decline/", offering.decline, name="decline"),
    path("<str:number>/counter/", offering.counter, name="counter"),
    path("<str:number>/conditions/<int:condition_id>/meet/", offering.meet, name="meet"),
    path("<str:number>/conditions/<int:condition_id>/waive/", offering.waive, name="waive"),
    path("<str:number>/accept/", deciding.accept, name="accept"),
    path("<str:number>/withdraw/", deciding.withdraw, name="withdraw"),
    path("<str:number>/expire/", deciding.expire, name="expire"),
]
