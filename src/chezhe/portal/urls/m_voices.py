from django.urls import path

from chezhe.portal.views import m_apply, m_privacy, m_voices

urlpatterns = [
    path("apply/", m_apply.apply, name="m_apply"),
    path("enquire/", m_apply.enquire, name="m_enquire"),
    path("privacy/", m_privacy.privacy, name="m_privacy"),
    path("privacy/copy/", m_privacy.ask_copy, name="m_ask_copy"),
    path("privacy/<str:kind>/withdraw/", m_privacy.withdraw, name="m_withdraw_consent"),
    path("privacy/<str:kind>/grant/", m_privacy.grant, name="m_grant_consent"),
    path("complaints/", m_voices.complaints, name="m_complaints"),
    path("complaints/<str:handle>/content/", m_voices.content, name="m_content"),
    path("loan/<str:handle>/rating/", m_voices.rating, name="m_rating"),
]
