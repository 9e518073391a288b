"""The shape of an uploaded photo."""

from wtforms import BooleanField, FileField
from wtforms.validators import InputRequired

from app.files.uploads import UploadForm


class PhotoForm(UploadForm):
    """A photo, with the consent of whom it shows."""

    file = FileField(
        "照片",
        description="JPG、PNG 或 WEBP，10 MB以内。自动裁成3比4的竖版，拍摄地点等信息不保留。",
    )
    has_consent = BooleanField(
        "本人同意使用照片", [InputRequired("请先取得本人同意，再打勾上传。")]
    )
