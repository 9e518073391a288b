"""What this room holds about one person: the business numbers that he set."""

from collections.abc import Sequence

from app.kernel.personal import Field, PersonalTable, read_table
from app.settings.models import SettingValue


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give the values that the person set."""
    values = read_table(
        "参数设定",
        [
            Field(label="参数", value=SettingValue.key),
            Field(label="生效日期", value=SettingValue.valid_from),
            Field(label="原因或依据", value=SettingValue.reason),
            Field(
                label="设定人",
                value=SettingValue.set_by,
                tells=[SettingValue.set_by, SettingValue.set_by_id],
            ),
            Field(label="设定时间", value=SettingValue.set_at),
        ],
        lambda statement: statement.where(SettingValue.set_by_id == person_id).order_by(
            SettingValue.id
        ),
    )
    return [values]
