from django.urls import path

from chezhe.portal.views import m_case, m_offer, m_sign

urlpatterns = [
    path("case/<str:handle>/", m_case.case, name="m_case"),
    path("case/<str:handle>/contest/", m_case.contest, name="m_contest"),
    path("case/<str:handle>/supplement/", m_case.supplement, name="m_supplement"),
    path("case/<str:handle>/upload/", m_case.upload, name="m_upload"),
    path("case/<str:handle>/answer/", m_case.answer, name="m_answer"),
    path("case/<str:handle>/agree/<str:kind>/", m_case.agree, name="m_agree"),
    path("case/<str:handle>/submit/", m_case.submit, name="m_submit"),
    path("case/<str:handle>/offer/", m_offer.offer, name="m_offer"),
    path("case/<str:handle>/offer/accept/", m_offer.accept, name="m_accept"),
    path("case/<str:handle>/offer/decline/", m_offer.decline, name="m_decline"),
    path("case/<str:handle>/offer/counter/", m_offer.counter, name="m_counter"),
    path("costs/<str:handle>/", m_sign.costs, name="m_costs"),
    path("costs/<str:handle>/open/", m_sign.open_costs, name="m_open_costs"),
    path("costs/<str:handle>/read/", m_sign.read_costs, name="m_read_costs"),
    path("sign/<str:handle>/", m_sign.sign, name="m_sign"),
    path("sign/<str:handle>/paper/", m_sign.paper, name="m_sign_paper"),
]
