from django.urls import path

from chezhe.portal.views import m_loan, m_pay, m_settle

urlpatterns = [
    path("loan/<str:handle>/", m_loan.loan, name="m_loan"),
    path("loan/<str:handle>/papers/", m_loan.papers, name="m_papers"),
    path("paper/<str:handle>/", m_loan.paper, name="m_paper"),
    path("loan/<str:handle>/pay/", m_pay.pay, name="m_pay"),
    path("paid/<str:handle>/", m_pay.paid, name="m_paid"),
    path("mandate/", m_pay.mandate, name="m_mandate"),
    path("loan/<str:handle>/settle/", m_settle.settle, name="m_settle"),
    path("loan/<str:handle>/settle/letter/", m_settle.payoff_letter, name="m_payoff_letter"),
    path("loan/<str:handle>/settle/withdraw/", m_settle.unsettle, name="m_unsettle"),
]
