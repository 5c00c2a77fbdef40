"""Why a file is refused: one stable code and one sentence each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class FileRefused(BusinessError):
    """The common parent: the file is wrong on its face."""

    code = "file_refused"
    http_status = 422
    field = "file"


class FileMissing(FileRefused):
    code = "file_missing"
    sentence = _("请选择要上传的文件。")


class FileEmpty(FileRefused):
    code = "file_empty"
    sentence = _("文件是空的（0 字节），请重新选择。")


class FileTooLarge(FileRefused):
    code = "file_too_large"
    http_status = 413
    sentence = _("文件超过 %(limit)s MB，请压缩或拆分后再上传。")


class FileKindUnknown(FileRefused):
    code = "file_kind_unknown"
    sentence = _("此处只接受 %(allowed)s；这个文件的内容不是其中任何一种。")


class FileKindForeign(FileRefused):
    code = "file_kind_foreign"
    sentence = _("此处只接受 %(allowed)s；这个文件的内容是 %(found)s。")


class PhotoIsHeif(FileRefused):
    code = "file_is_heic"
    sentence = _("这是 HEIC 格式的照片，请在手机相机设置中选择“兼容性最佳”，或另存为 JPG 后上传。")


class FileNameMismatch(FileRefused):
    code = "file_extension_mismatch"
    sentence = _("文件名以“.%(extension)s”结尾，内容却是 %(found)s，请核对是否选错文件。")


class FileDamaged(FileRefused):
    code = "file_damaged"
    sentence = _("文件已损坏，或不是完整的 %(found)s，请重新扫描或导出后上传。")


class FileDisguised(FileRefused):
    code = "file_disguised"
    sentence = _("文件里夹带了网页、脚本或另一个文件，不能接收。请重新拍照或扫描。")


class ImageTooManyPixels(FileRefused):
    code = "image_too_many_pixels"
    sentence = _("图片超过 %(limit)s 百万像素，请缩小后上传。")


class PdfEncrypted(FileRefused):
    code = "pdf_encrypted"
    sentence = _("PDF 设了密码，请取消密码后再上传。")


class PdfActive(FileRefused):
    code = "pdf_active"
    sentence = _("PDF 含有脚本、启动动作或内嵌文件，请“打印为 PDF”后再上传。")


class PdfTooLong(FileRefused):
    code = "pdf_too_long"
    sentence = _("PDF 超过 %(limit)s 页或结构过于庞大，请拆分后上传。")


class SheetUnsafe(FileRefused):
    code = "sheet_unsafe"
    sentence = _("表格含有宏、内嵌对象或外部引用，请另存为普通的 XLSX 后上传。")


class SheetBloated(FileRefused):
    code = "sheet_bloated"
    sentence = _("表格解压后过大，请减少行数或另存后上传。")


class CsvUnreadable(FileRefused):
    code = "csv_unreadable"
    sentence = _("CSV 不是 UTF-8 或 GB18030 编码的文本，请另存后上传。")


class CategoryUnknown(BusinessError):
    code = "document_category_unknown"
    http_status = 422
    field = "category"
    sentence = _("没有“%(category)s”这类资料，请从列表中选择。")


class DocumentTwice(BusinessError):
    code = "document_twice"
    http_status = 409
    field = "file"
    sentence = _("同一份文件已于 %(at)s 由%(name)s上传到“%(category)s”，不必重复上传。")


class DocumentOfRecord(BusinessError):
    code = "document_of_record"
    http_status = 409
    sentence = _("“%(category)s”属于正式存档文件，不能删除。")


class NothingToRead(BusinessError):
    code = "nothing_to_read"
    http_status = 409
    sentence = _("“%(category)s”不能自动识别（只识别证件、行驶证、登记证、银行卡和购车发票的照片），请手工录入。")


class NotAgain(BusinessError):
    code = "reading_not_again"
    http_status = 409
    sentence = _("这份资料%(status)s，不能重新识别：正在识别的请稍候，已核对过的不再改动。")
