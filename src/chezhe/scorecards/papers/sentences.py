"""Every refusal of the room: stable code → Chinese and English sentence that say what to do. A test keeps it complete."""

from __future__ import annotations

FILES = {
    "file_missing": ("没有找到文件“{field}”。", 'There is no file "{field}".'),
    "file_kind": ("“{field}”不是 .parquet 或 .csv 文件。", '"{field}" is neither a .parquet nor a .csv file.'),
    "file_unreadable": ("无法读取“{field}”：{reason}", 'Cannot read "{field}": {reason}'),
    "file_empty": ("“{field}”中没有数据行。", '"{field}" holds no rows.'),
    "column_twice": ("列“{field}”出现了两次，请改名。", 'The column "{field}" appears twice; rename one.'),
    "folder_not_empty": (
        "文件夹“{field}”里有其他内容，不会覆盖；请换一个文件夹。",
        'The folder "{field}" holds something else and is not written over; choose another.',
    ),
}  # fmt: skip

DATA = {
    "column_missing": ("数据缺少列：{columns}。", "The data lacks: {columns}."),
    "column_other_type": ("列“{field}”的类型应为 {known}，实际为 {found}。", 'The column "{field}" should be {known} and is {found}.'),
    "not_a_number": ("列“{field}”应为数字，却有“{value}”。", 'The column "{field}" takes numbers, yet holds "{value}".'),
    "not_finite": ("列“{field}”中有无穷大；请改为空值或真实数字。",
    'The column "{field}" holds infinity; leave it empty or give the number.'),
    "not_a_category": ("列“{field}”应为类别文字，却有“{value}”。", 'The column "{field}" takes categories, yet holds "{value}".'),
    "not_a_day": ("列“{field}”应为日期，例如 2026-01-31，却有“{value}”。",
    'The column "{field}" takes dates such as 2026-01-31, yet holds "{value}".'),
    "not_a_duration": ("列“{field}”应为时长，例如 3年5个月，却有“{value}”。",
    'The column "{field}" takes durations such as 3yrs 5mon, yet holds "{value}".'),
    "target_missing": ("目标列“{field}”有 {rows} 行为空，请先剔除。",
    'The target "{field}" is empty in {rows} rows; leave them out first.'),
    "target_not_binary": ("目标列“{field}”只能是 0 和 1，却有 {value}。", 'The target "{field}" must be 0 or 1, yet holds {value}.'),
    "target_one_class": ("训练与检验部分都须既有好样本也有坏样本。", "Both the training and the test part need goods and bads."),
    "target_not_positive": ("价格列“{field}”须全部大于零。", 'All prices in "{field}" must be above zero.'),
    "rows_too_few": (
        "训练部分只有 {rows} 行；至少需要 {rows_min} 行，好坏样本各 {class_min} 个。",
        "The training part has {rows} rows; {rows_min} are needed, with {class_min} goods and as many bads.",
    ),
    "no_features": ("除目标外没有可用的列。", "No usable column is left beside the target."),
    "time_missing": ("按日期切分需要用 --time 指明日期列。", "Splitting by date needs the date column: --time."),
    "time_not_a_date": ("列“{field}”不是日期。", 'The column "{field}" holds no dates.'),
    "test_empty": ("以 {day} 切分后，训练或检验部分为空。", "Splitting at {day} leaves the training or the test part empty."),
    "direction_unreadable": ("“{field}”看不懂；请写成 ltv:+ 或 age:-。", '"{field}" is not readable; write ltv:+ or age:-.'),
    "direction_unknown": ("没有特征“{field}”；现有：{known}。", 'There is no feature "{field}"; there are: {known}.'),
    "direction_of_category": ("“{field}”是类别，没有方向。", '"{field}" is a category and has no direction.'),
    "scale_impossible": ("分数刻度不可用：好坏比与翻倍分须大于零。",
    "The scale cannot work: odds and points to double must be above zero."),
    "kind_unknown": ("没有这种模型“{value}”；现有：{known}。", 'There is no kind of model "{value}"; there are: {known}.'),
    "inference_unknown": ("没有这种拒绝推断“{value}”；现有：{known}。",
    'There is no reject inference "{value}"; there are: {known}.'),
    "option_wrong": ("{reason}", "{reason}"),
}  # fmt: skip

ARTEFACTS = {
    "artefact_missing": ("这里没有模型：缺少“{field}”。", 'There is no model here: "{field}" is absent.'),
    "artefact_unreadable": ("模型文件“{field}”已损坏，无法读取。", 'The model file "{field}" is damaged and cannot be read.'),
    "artefact_foreign": ("这不是车辙的模型。", "This is no model of Chezhe."),
    "artefact_version": ("模型格式版本为 {found}，本程序只认识 {known}。", "The model is of schema {found}; this program knows {known}."),
    "artefact_changed": (
        "模型文件“{field}”缺失或与清单不符，拒绝使用；请重新取得完整的模型。",
        'The model file "{field}" is absent or differs from the manifest and is not used; fetch the whole model again.',
    ),
    "artefact_schema": ("模型内容不合规格：{field}。", "The model's content is not as specified: {field}."),
    "model_failed": ("模型无法计算：{field}", "The model could not compute: {field}"),
    "not_in_engine": ("“{field}”不能转成数据库表达式。", 'There is no expression of "{field}" for an engine.'),
    "not_recalibrable": ("估值模型请重新训练，不能只校准概率。",
    "A valuation model is trained again; it has no probability to recalibrate."),
}  # fmt: skip

SENTENCES = FILES | DATA | ARTEFACTS


def sentence(code: str, facts: dict[str, object], in_english: bool) -> str:
    """The sentence of a code with its facts filled in."""
    return SENTENCES[code][in_english].format_map(facts)
