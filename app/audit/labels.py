"""The log in the words of the office: every event, object and detail has a Chinese name."""

from collections.abc import Mapping
from typing import Any

from app.audit.models import AuditEvent, AuditResult, Verdict
from app.kernel.permissions import ROLE_LABELS

EVENT_LABELS = {
    AuditEvent.SITE_SET_UP: "建立网站",
    AuditEvent.SITE_PLAIN_HTTP_STARTED: "以明文HTTP启动",
    AuditEvent.ACCOUNTS_SIGNED_IN: "登录",
    AuditEvent.ACCOUNTS_SIGN_IN_FAILED: "登录失败",
    AuditEvent.ACCOUNTS_LOCKED: "登录名锁定",
    AuditEvent.ACCOUNTS_SIGNED_OUT: "退出",
    AuditEvent.ACCOUNTS_PERSON_ADDED: "添加人员",
    AuditEvent.ACCOUNTS_PASSWORD_SET: "设置密码",
    AuditEvent.ACCOUNTS_DEMO_ENTERED: "进入演示",
    AuditEvent.ACCOUNTS_PASSWORD_CHANGED: "改密码",
    AuditEvent.ACCOUNTS_PASSWORD_PROVEN: "再次核对密码",
    AuditEvent.ACCOUNTS_PROOF_FAILED: "再次核对密码失败",
    AuditEvent.ACCOUNTS_FIRST_STEP_PASSED: "通过登录第一步",
    AuditEvent.ACCOUNTS_CODE_ISSUED: "发激活码",
    AuditEvent.ACCOUNTS_SLIPS_ORDERED: "安排打印激活单",
    AuditEvent.ACCOUNTS_SLIPS_PRINTED: "打印激活单",
    AuditEvent.ACCOUNTS_SLIPS_ERASED: "销毁激活单文件",
    AuditEvent.ACCOUNTS_UNLOCKED: "解锁登录名",
    AuditEvent.ACCOUNTS_DISABLED: "停用账号",
    AuditEvent.ACCOUNTS_ENABLED: "启用账号",
    AuditEvent.ACCOUNTS_SESSIONS_ENDED: "让账号退出登录",
    AuditEvent.ACCOUNTS_FACTOR_ADDED: "开启动态口令",
    AuditEvent.ACCOUNTS_FACTOR_REMOVED: "关闭动态口令",
    AuditEvent.ACCOUNTS_FACTOR_FAILED: "动态口令错误",
    AuditEvent.ACCOUNTS_RECOVERY_CODE_USED: "使用恢复码",
    AuditEvent.ACCOUNTS_NETWORK_REFUSED: "管理员从别的网段登录被拒",
    AuditEvent.ACCOUNTS_ADDRESS_LIMITED: "来源地址登录受限",
    AuditEvent.FILES_PAPER_ORDERED: "安排打印单据",
    AuditEvent.WORKFLOW_BEGUN: "开始办理",
    AuditEvent.WORKFLOW_MOVED: "办理",
    AuditEvent.WORKFLOW_SIGNED: "代录线下签批",
    AuditEvent.WORKFLOW_RECOUNTED: "按工作日历重算期限",
    AuditEvent.WORKFLOW_BATCH_DRAFTED: "制作汇总表",
    AuditEvent.WORKFLOW_BATCH_DECIDED: "按汇总表办理",
    AuditEvent.WORKFLOW_BATCH_DROPPED: "作废汇总表",
    AuditEvent.ACCOUNTS_ROSTER_UPLOADED: "上传人员名单",
    AuditEvent.ACCOUNTS_ROSTER_MATCHED: "核对人员名单",
    AuditEvent.ACCOUNTS_ROSTER_IMPORTED: "导入人员名单",
    AuditEvent.ACCOUNTS_ROSTER_UNDONE: "撤销名单导入",
    AuditEvent.ACCOUNTS_ROSTER_ERASED: "清理名单内容",
    AuditEvent.ACCOUNTS_PERSON_CHANGED: "修改人员",
    AuditEvent.ACCOUNTS_TRANSFERRED: "登记调动",
    AuditEvent.ACCOUNTS_TRANSFER_CANCELLED: "撤销调动",
    AuditEvent.ACCOUNTS_LEFT: "登记离岗",
    AuditEvent.ACCOUNTS_LEAVING_CANCELLED: "撤销离岗",
    AuditEvent.ACCOUNTS_ABSENCE_ADDED: "登记不在岗",
    AuditEvent.ACCOUNTS_ABSENCE_CANCELLED: "取消不在岗",
    AuditEvent.ACCOUNTS_REGISTER_CHANGED: "修改登记册",
    AuditEvent.ACCOUNTS_ROLE_REQUESTED: "申请角色",
    AuditEvent.ACCOUNTS_ROLE_GRANTED: "授权角色",
    AuditEvent.ACCOUNTS_ROLE_REFUSED: "不同意角色申请",
    AuditEvent.ACCOUNTS_ROLE_ENDED: "收回角色",
    AuditEvent.WORKDAYS_DAY_CHANGED: "修改某一天",
    AuditEvent.WORKDAYS_HOURS_CHANGED: "修改开放时间",
    AuditEvent.WORKDAYS_YEAR_IMPORTED: "登记放假通知",
    AuditEvent.QUESTIONS_CREATED: "录入题目",
    AuditEvent.QUESTIONS_REVISED: "修改题目",
    AuditEvent.QUESTIONS_RETIRED: "停用或恢复题目",
    AuditEvent.EXAMS_DRAFTED: "起草试卷",
    AuditEvent.EXAMS_EDITED: "修改试卷",
    AuditEvent.EXAMS_SUBMITTED: "送审试卷",
    AuditEvent.EXAMS_SENT_BACK: "退回试卷",
    AuditEvent.EXAMS_PUBLISHED: "审核发布试卷",
    AuditEvent.EXAMS_STARTED: "开始答题",
    AuditEvent.EXAMS_HANDED_IN: "交卷",
    AuditEvent.EXAMS_LATE_ADMITTED: "采纳迟到的答案",
    AuditEvent.EXAMS_GRADING_ORDERED: "安排评卷",
    AuditEvent.EXAMS_GRADED: "评卷完成",
    AuditEvent.EXAMS_RELEASED: "公布成绩",
    AuditEvent.EXAMS_SHEET_ORDERED: "打印成绩单",
    AuditEvent.RECORD_READ: "查看记录",
    AuditEvent.RECORD_EXPORTED: "导出表格",
    AuditEvent.SETTINGS_CHANGED: "修改参数",
    AuditEvent.ACCOUNTS_HALL_CHANGED: "修改大厅信息",
    AuditEvent.ACCOUNTS_HALL_OPENED: "完成首次启用",
    AuditEvent.ACCOUNTS_ADMINISTRATOR_REQUESTED: "提出管理员任命",
    AuditEvent.ACCOUNTS_ADMINISTRATOR_CONFIRMED: "确认管理员任命",
    AuditEvent.ACCOUNTS_ADMINISTRATOR_REFUSED: "不同意管理员任命",
    AuditEvent.ACCOUNTS_ADMINISTRATOR_WITHDRAWN: "撤回管理员任命",
    AuditEvent.ACCOUNTS_ADMINISTRATOR_ACCEPTED: "启用管理员账号",
    AuditEvent.ACCOUNTS_DUTIES_SEPARATED: "启用三员分立",
    AuditEvent.ACCOUNTS_KIND_CHANGED: "改账号类别",
    AuditEvent.ACCOUNTS_ROLE_WITHDRAWN: "撤回角色申请",
    AuditEvent.ACCOUNTS_ADMINISTRATOR_SET: "用命令设管理员",
    AuditEvent.ACCESS_REFUSED: "越权访问被拒",
    AuditEvent.AUDIT_VERIFICATION_ORDERED: "安排核对日志链",
    AuditEvent.AUDIT_VERIFIED: "核对日志链",
    AuditEvent.AUDIT_PURGED: "清理到期日志",
    AuditEvent.ACCOUNTS_DEPUTY_ADDED: "登记A/B角",
    AuditEvent.ACCOUNTS_DEPUTY_ENDED: "结束A/B角",
    AuditEvent.ACCOUNTS_DEPUTY_CANCELLED: "取消A/B角",
    AuditEvent.ACCOUNTS_AUTHORISATION_GIVEN: "事项授权",
    AuditEvent.ACCOUNTS_AUTHORISATION_ENDED: "结束事项授权",
    AuditEvent.ACCOUNTS_AUTHORISATION_CANCELLED: "取消事项授权",
    AuditEvent.ACCOUNTS_PHOTO_SET: "上传照片",
    AuditEvent.ACCOUNTS_PHOTO_REMOVED: "删除照片",
    AuditEvent.ACCOUNTS_COPY_ORDERED: "申请个人信息副本",
    AuditEvent.ACCOUNTS_COPY_MADE: "制作个人信息副本",
    AuditEvent.ACCOUNTS_COPY_ERASED: "删除个人信息副本",
    AuditEvent.ACCOUNTS_ANONYMISED: "离岗人员匿名",
    AuditEvent.PUBLIC_FORM_LIMITED: "公开页面提交受限",
    AuditEvent.SUGGESTIONS_QUESTION_ASKED: "追问提出人",
    AuditEvent.SUGGESTIONS_REPLIED: "提出人回答",
    AuditEvent.SUGGESTIONS_RATED: "提出人评价答复",
    AuditEvent.SUGGESTIONS_ANSWER_SEEN: "提出人看到答复",
    AuditEvent.SUGGESTIONS_PICTURE_ADDED: "上传金点子图片",
    AuditEvent.SUGGESTIONS_IMPORT_UPLOADED: "上传直通车文件",
    AuditEvent.SUGGESTIONS_IMPORT_APPLIED: "导入直通车文件",
    AuditEvent.SUGGESTIONS_IMPORT_ERASED: "清除直通车文件",
    AuditEvent.SUGGESTIONS_ORDER_EDITED: "修改建议单",
    AuditEvent.SUGGESTIONS_EVIDENCE_ADDED: "上传佐证",
    AuditEvent.SUGGESTIONS_CASE_MARKED: "入案例库",
}

# The part of an event before its first dot.
GROUP_LABELS = {
    "files": "文件与单据",
    "workflow": "办理",
    "accounts": "账号与登录",
    "access": "越权访问",
    "record": "查看与导出",
    "exams": "考试",
    "questions": "题库",
    "workdays": "工作日与开放时间",
    "audit": "审计日志",
    "settings": "参数",
    "site": "网站",
    "public": "公开页面",
    "suggestions": "建议征集",
}

RESULT_LABELS = {
    AuditResult.DONE: "成功",
    AuditResult.REFUSED: "被拒绝",
    AuditResult.FAILED: "失败",
}

VERDICT_LABELS = {
    Verdict.INTACT: "完整",
    Verdict.ALTERED: "有改动",
    Verdict.MISSING: "有缺失",
    Verdict.TRUNCATED: "被截断",
    Verdict.HEAD_MISMATCH: "链头不符",
}

OBJECT_LABELS = {
    "account": "账号",
    "accounts": "账号",
    "appointment": "管理员任命",
    "appointments": "管理员任命",
    "hall": "大厅信息",
    "roster_import": "名单导入",
    "setting": "参数",
    "settings": "参数",
    "slip_batch": "激活单",
    "audit_log": "审计日志",
    "calendar_year": "年度放假安排",
    "committee": "议事机构",
    "committee_member": "议事机构成员",
    "department": "部门",
    "people": "人员",
    "personal_copy": "个人信息副本",
    "person_phone": "手机号",
    "post": "岗位",
    "role_grant": "角色授权",
    "roles": "角色授权",
    "service_item": "事项",
    "service_window": "窗口",
    "window": "窗口",
    "exam": "试卷",
    "exam-results": "应考与成绩",
    "my-exams": "我的考试",
    "opening_week": "开放时间",
    "page": "页面",
    "person": "人员",
    "question": "题目",
    "sitting": "一次作答",
    "special_day": "特别安排的日子",
    "deputy": "A/B角",
    "deputies": "A/B角",
    "authorisation": "事项授权",
    "authorisations": "事项授权",
    "person_political": "政治面貌",
    "paper": "单据",
    "batch": "汇总表",
    "batches": "汇总表",
    "steps": "待办",
    "open_step": "待办的期限",
    "notices": "通知",
    "idea": "意见建议",
    "ideas": "意见建议",
    "own-ideas": "我的金点子",
    "idea_contact": "提出人的联系电话",
    "idea_handover": "移送件",
    "idea_import": "直通车文件",
    "improvement_order": "优化工作建议单",
    "orders": "优化工作建议单",
}

# Names of what stands in an entry's data, of all events.
DATA_LABELS = {
    "account": "账号",
    "account_id": "账号编号",
    "accounts": "账号数",
    "added": "新增的人",
    "after": "改后",
    "before": "改前",
    "by": "交卷方式",
    "changed": "有变动的日子",
    "checked": "核对条数",
    "choices": "选定的对应",
    "covered_by": "替岗人",
    "days": "每天的时段",
    "deleted": "删除条数",
    "demonstration": "演示",
    "departed": "离岗的人",
    "department_id": "部门",
    "departments": "新增部门",
    "detail": "说明",
    "effective_on": "名单日期",
    "ends_on": "到哪一天",
    "failures": "连续失败次数",
    "file": "文件",
    "file_name": "文件名",
    "filters": "筛选条件",
    "for_person": "给谁",
    "hash": "哈希",
    "hours": "有效小时数",
    "is_again": "重新打印",
    "is_fetched": "已下载",
    "is_first_run": "首次启用时给出",
    "is_global": "全站合计",
    "is_replaced": "替换原有照片",
    "kept": "保留的日子",
    "kind": "种类",
    "late_answer": "迟到的答案",
    "left": "剩余恢复码",
    "left_on": "最后在岗日",
    "member": "成员",
    "moved": "调动的人",
    "name": "事由",
    "notice": "通知",
    "of_person": "属于谁",
    "office": "职务",
    "older_than": "早于",
    "paper": "试卷校验值",
    "periods": "时段",
    "post_id": "岗位",
    "posts": "新增岗位",
    "reason": "理由",
    "removed": "清理条数",
    "repeated": "此前只计数、未逐条记下的次数",
    "role": "角色",
    "roles": "角色",
    "rows": "行数",
    "run": "第几次评卷",
    "sessions": "登录数",
    "sittings": "人数",
    "slips": "激活单张数",
    "staff_number": "工号",
    "starts_on": "从哪一天起",
    "state": "状态",
    "valid_from": "生效日期",
    "valid_until": "有效期至",
    "verdict": "结论",
    "version": "第几版",
    "window_id": "窗口",
    "windows": "新增窗口",
    "stand_in": "B角",
    "service_item": "事项",
    "ended_deputies": "随之结束的A/B角",
    "ended_authorisations": "随之结束的事项授权",
    "flow": "办理的事",
    "move": "办理",
    "recorded_by": "代录人",
    "number": "编号",
    "records": "项数",
    "refused": "没有办理的项数",
    "form": "表单",
}

ACTED_AS_LABELS = {
    **{role.value: label for role, label in ROLE_LABELS.items()},
    "system": "系统",
    "visitor": "未登录",
    "none": "没有角色",
    "business": "业务账号",
    "administrator": "管理员",
}

# Values that are words of the code: roles, and the kinds of accounts.
WORDS = {
    **{role.value: label for role, label in ROLE_LABELS.items()},
    "administrator": "管理员（不分设）",
    "business": "业务账号",
}


def event_label(event: str) -> str:
    """Give an event in words."""
    return EVENT_LABELS[AuditEvent(event)]


def object_text(object_type: str, object_id: str) -> str:
    """Give what the act was about: 试卷 12; empty where it was about nothing."""
    label = OBJECT_LABELS.get(object_type, object_type)
    return f"{label} {object_id}".strip()


def acted_as_text(acted_as: str) -> str:
    """Give as what somebody acted: his roles, or the kind of his account."""
    return "、".join(ACTED_AS_LABELS.get(each, each) for each in acted_as.split(",") if each)


def data_rows(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give an entry's data as names and values."""
    return [(DATA_LABELS.get(key, key), value_text(value)) for key, value in data.items()]


def value_text(value: object) -> str:
    """Give one value in words: roles by their names, lists with commas, yes and no."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value_text(each) for each in value) or "无"
    if isinstance(value, dict):
        parts = [f"{DATA_LABELS.get(k, k)}：{value_text(v)}" for k, v in value.items()]
        return "；".join(parts) or "无"
    if isinstance(value, str) and value in WORDS:
        return WORDS[value]
    return "无" if value in {None, ""} else str(value)
