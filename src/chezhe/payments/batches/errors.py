"""Refusals of batches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class NothingToSend(BusinessError):
    code = "batch_empty"
    sentence = _("没有等待批量发送的付款。")


class BatchHeld(BusinessError):
    code = "batch_held"
    sentence = _("批次 %(batch)s 中 %(numbers)s 付款前复核未通过，整批不能发出。请撤销本批后重新生成。")


class MadeByYou(BusinessError):
    code = "same_person"
    sentence = _("批次 %(batch)s 由您生成，须由另一位同事发出。")


class AnswerHasFaults(BusinessError):
    code = "batch_answer_has_faults"
    http_status = 422
    field = "file"
    sentence = _("回盘文件有 %(count)s 行无法识别（第一处：%(first)s），未登记任何一行。")


class AnswerEmpty(BusinessError):
    code = "batch_answer_empty"
    http_status = 422
    field = "file"
    sentence = _("文件中没有一行付款结果，请核对是否选错文件。")


class FileDiffers(BusinessError):
    code = "batch_file_differs"
    sentence = _("批次 %(batch)s 的付款内容与生成时不同，不能使用，请撤销后重新生成。")
