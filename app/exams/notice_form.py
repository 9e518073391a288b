"""The shape of what people write into a 成绩通报."""

from collections.abc import Sequence
from datetime import date

from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.exams.service.notices import Words
from app.kernel.forms import VersionedForm, text_in

MOST_NAMES, MOST_PRAISE, MOST_ARRANGEMENT = 400, 100, 600
# Stands for a day that validation has refused; no service ever sees it.
NO_DAY = date(1970, 1, 1)


class NoticeForm(VersionedForm):
    """Four fields; all may be left as they are proposed."""

    praised = TextAreaField(
        "表扬谁",
        [Length(max=MOST_NAMES)],
        description="写姓名，用顿号或者换行隔开；通报里自动按姓氏笔画排列。不表扬就空着。",
    )
    praise = StringField(
        "表扬的事由",
        [Length(max=MOST_PRAISE)],
        description="如“主动讲解易错题”，“予以表扬”自动写上。",
    )
    arrangement = TextAreaField(
        "补考与课堂安排",
        [Length(max=MOST_ARRANGEMENT)],
        description="补考的时间、限时，讲解易错知识点的课堂时间和地点；一行一段。",
    )
    dated_on = DateField("落款日期", [InputRequired("请选落款日期。")])

    @property
    def praised_text(self) -> str:
        """Give the names as they were typed."""
        return text_in(self.praised)

    def fill(self, words: Words, praised: str) -> None:
        """Show what is stored or proposed."""
        self.praised.data, self.praise.data = praised, words.praise
        self.arrangement.data, self.dated_on.data = words.arrangement, words.dated_on
        self.version.data = words.version

    def words(self, praised_ids: Sequence[int]) -> Words:
        """Give what was typed."""
        return Words(
            praised_ids=praised_ids,
            praise=text_in(self.praise),
            arrangement=text_in(self.arrangement),
            dated_on=self.dated_on.data or NO_DAY,
            version=self.version.data or 0,
        )
