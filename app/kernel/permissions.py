"""Who may do what: one page that a 安全管理员 can read. Whatever is not declared is refused.

A permission is `room:resource:action`. A view declares one with `@require`, or is one of the few
`PUBLIC_ENDPOINTS` with `@public`. Objects come only from loaders that take the principal; templates
ask `can(...)` and never compare roles.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import current_app, has_request_context, request
from flask_login import current_user


class Role(StrEnum):
    """A function that a person holds in the hall, in a scope and for a period."""

    STAFF = "staff"
    CLERK = "clerk"
    WINDOW_LEAD = "window_lead"
    SECTION_CHIEF = "section_chief"
    PARTY_BRANCH = "party_branch"
    INSPECTOR = "inspector"
    FEEDBACK_OFFICER = "feedback_officer"
    OFFICE = "office"
    LEADER = "leader"
    DISCIPLINE = "discipline"
    # 三员: never granted, but the kind of an account of its own.
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"


ROLE_LABELS = {
    Role.STAFF: "窗口工作人员",
    Role.CLERK: "经办人",
    Role.WINDOW_LEAD: "窗口负责人",
    Role.SECTION_CHIEF: "业务科室负责人",
    Role.PARTY_BRANCH: "党支部",
    Role.INSPECTOR: "巡查员",
    Role.FEEDBACK_OFFICER: "投诉反馈专员",
    Role.OFFICE: "办公室",
    Role.LEADER: "中心领导",
    Role.DISCIPLINE: "派驻纪检组",
    Role.SYSADMIN: "系统管理员",
    Role.SECADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
}


class Permission(StrEnum):
    """Everything that can be allowed, as `room:resource:action`."""

    HOME_PAGE_VIEW = "home:page:view"
    ACCOUNTS_SESSION_END = "accounts:session:end"
    ACCOUNTS_ROSTER_READ = "accounts:roster:read"
    ACCOUNTS_ROSTER_EDIT = "accounts:roster:edit"
    ACCOUNTS_REGISTER_EDIT = "accounts:register:edit"
    ACCOUNTS_PHONE_READ = "accounts:phone:read"
    ACCOUNTS_ROLE_READ = "accounts:role:read"
    ACCOUNTS_ROLE_REQUEST = "accounts:role:request"
    ACCOUNTS_ROLE_DECIDE = "accounts:role:decide"
    ACCOUNTS_ROSTER_IMPORT = "accounts:roster:import"
    JOBS_JOB_READ = "jobs:job:read"
    WORKDAYS_CALENDAR_READ = "workdays:calendar:read"
    WORKDAYS_CALENDAR_EDIT = "workdays:calendar:edit"
    QUESTIONS_BANK_READ = "questions:bank:read"
    QUESTIONS_QUESTION_EDIT = "questions:question:edit"
    QUESTIONS_REVIEW_DECIDE = "questions:review:decide"
    EXAMS_SITTING_SIT = "exams:sitting:sit"
    EXAMS_PAPER_READ = "exams:paper:read"
    EXAMS_PAPER_DRAFT = "exams:paper:draft"
    EXAMS_PAPER_REVIEW = "exams:paper:review"
    EXAMS_PAPER_APPROVE = "exams:paper:approve"
    EXAMS_PAPER_PUBLISH = "exams:paper:publish"
    EXAMS_RESULT_READ = "exams:result:read"
    EXAMS_REPORT_READ = "exams:report:read"
    EXAMS_DEPARTMENT_READ = "exams:department:read"
    EXAMS_RESULT_GRADE = "exams:result:grade"
    EXAMS_RESULT_RELEASE = "exams:result:release"
    EXAMS_ANSWER_ADMIT = "exams:answer:admit"
    EXAMS_ANSWER_MARK = "exams:answer:mark"
    EXAMS_CORRECTION_CHECK = "exams:correction:check"
    EXAMS_CORRECTION_DECIDE = "exams:correction:decide"
    EXAMS_EXCUSE_READ = "exams:excuse:read"
    EXAMS_EXCUSE_APPLY = "exams:excuse:apply"
    EXAMS_EXCUSE_DECIDE = "exams:excuse:decide"
    EXAMS_ROLL_ARRANGE = "exams:roll:arrange"
    EXAMS_SITTING_WATCH = "exams:sitting:watch"
    EXAMS_SITTING_CONTROL = "exams:sitting:control"
    EXAMS_CALLBACK_CONFIRM = "exams:callback:confirm"
    AUDIT_LOG_READ = "audit:log:read"
    AUDIT_LOG_EXPORT = "audit:log:export"
    AUDIT_LOG_VERIFY = "audit:log:verify"
    SETTINGS_VALUE_READ = "settings:value:read"
    SETTINGS_POLICY_SET = "settings:policy:set"
    SETTINGS_NUMBER_SET = "settings:number:set"
    ACCOUNTS_HALL_EDIT = "accounts:hall:edit"
    ACCOUNTS_OWN_MANAGE = "accounts:own:manage"
    ACCOUNTS_ACCOUNT_READ = "accounts:account:read"
    ACCOUNTS_ACCOUNT_MANAGE = "accounts:account:manage"
    ACCOUNTS_FACTOR_RESET = "accounts:factor:reset"
    HOME_START_VIEW = "home:start:view"
    ACCOUNTS_HALL_OPEN = "accounts:hall:open"
    ACCOUNTS_ADMINISTRATOR_READ = "accounts:administrator:read"
    ACCOUNTS_ADMINISTRATOR_APPOINT = "accounts:administrator:appoint"
    ACCOUNTS_ADMINISTRATOR_DECIDE = "accounts:administrator:decide"
    ACCOUNTS_AUTHORISATION_READ = "accounts:authorisation:read"
    ACCOUNTS_AUTHORISATION_GIVE = "accounts:authorisation:give"
    ACCOUNTS_POLITICAL_READ = "accounts:political:read"
    ACCOUNTS_COPY_ORDER = "accounts:copy:order"
    INBOX_STEP_READ = "inbox:step:read"
    WORKFLOW_SIGNATURE_RECORD = "workflow:signature:record"
    SCREENS_GROUP_READ = "screens:group:read"
    SCREENS_GROUP_EDIT = "screens:group:edit"
    SCREENS_PACKAGE_ORDER = "screens:package:order"
    INSPECTIONS_ROUND_READ = "inspections:round:read"
    INSPECTIONS_ROUND_MAKE = "inspections:round:make"
    INSPECTIONS_FINDING_READ = "inspections:finding:read"
    INSPECTIONS_ROSTER_READ = "inspections:roster:read"
    INSPECTIONS_ROSTER_EDIT = "inspections:roster:edit"
    INSPECTIONS_CHECKLIST_READ = "inspections:checklist:read"
    INSPECTIONS_CHECKLIST_EDIT = "inspections:checklist:edit"
    INSPECTIONS_HANDOVER_READ = "inspections:handover:read"
    INSPECTIONS_HANDOVER_MAKE = "inspections:handover:make"
    INSPECTIONS_HANDOVER_RECEIVE = "inspections:handover:receive"
    RECTIFICATIONS_ORDER_READ = "rectifications:order:read"
    RECTIFICATIONS_ORDER_ISSUE = "rectifications:order:issue"
    RECTIFICATIONS_ORDER_SIGN = "rectifications:order:sign"
    RECTIFICATIONS_ORDER_REPLY = "rectifications:order:reply"
    RECTIFICATIONS_ORDER_APPEAL = "rectifications:order:appeal"
    RECTIFICATIONS_ORDER_RECHECK = "rectifications:order:recheck"
    RECTIFICATIONS_ORDER_CLOSE = "rectifications:order:close"
    RECTIFICATIONS_ORDER_DECIDE = "rectifications:order:decide"
    COMMITMENTS_SHEET_READ = "commitments:sheet:read"
    COMMITMENTS_SHEET_DRAFT = "commitments:sheet:draft"
    COMMITMENTS_SHEET_REVIEW = "commitments:sheet:review"
    COMMITMENTS_SHEET_APPROVE = "commitments:sheet:approve"
    COMMITMENTS_SHEET_WITHDRAW = "commitments:sheet:withdraw"
    COMMITMENTS_CARD_PRINT = "commitments:card:print"
    COMMITMENTS_PLATE_READ = "commitments:plate:read"
    COMMITMENTS_PLATE_ASK = "commitments:plate:ask"
    COMMITMENTS_PLATE_CONFIRM = "commitments:plate:confirm"
    WORKFLOW_BATCH_PREPARE = "workflow:batch:prepare"
    WORKFLOW_BATCH_READ = "workflow:batch:read"
    SUGGESTIONS_IDEA_SUBMIT = "suggestions:idea:submit"
    SUGGESTIONS_IDEA_RECORD = "suggestions:idea:record"
    SUGGESTIONS_IDEA_READ = "suggestions:idea:read"
    SUGGESTIONS_IDEA_TRIAGE = "suggestions:idea:triage"
    SUGGESTIONS_STAFF_IDEA_TRIAGE = "suggestions:staff_idea:triage"
    SUGGESTIONS_PUBLIC_IDEA_TRIAGE = "suggestions:public_idea:triage"
    SUGGESTIONS_IDEA_ANSWER = "suggestions:idea:answer"
    SUGGESTIONS_EXTENSION_DECIDE = "suggestions:extension:decide"
    SUGGESTIONS_HANDOVER_READ = "suggestions:handover:read"
    SUGGESTIONS_HANDOVER_RECEIVE = "suggestions:handover:receive"
    SUGGESTIONS_ORDER_READ = "suggestions:order:read"
    SUGGESTIONS_ORDER_DRAFT = "suggestions:order:draft"
    SUGGESTIONS_ORDER_ISSUE = "suggestions:order:issue"
    SUGGESTIONS_ORDER_CARRY = "suggestions:order:carry"
    SUGGESTIONS_ORDER_VERIFY = "suggestions:order:verify"
    SUGGESTIONS_ORDER_VISIT = "suggestions:order:visit"
    REGULATIONS_RULE_READ = "regulations:rule:read"
    REGULATIONS_RULE_DRAFT = "regulations:rule:draft"
    REGULATIONS_RULE_APPROVE = "regulations:rule:approve"
    REGULATIONS_RISK_READ = "regulations:risk:read"
    REGULATIONS_RISK_DRAFT = "regulations:risk:draft"
    REGULATIONS_RISK_APPROVE = "regulations:risk:approve"
    REGULATIONS_READING_CONFIRM = "regulations:reading:confirm"
    REGULATIONS_READING_READ = "regulations:reading:read"
    REGULATIONS_READING_EDIT = "regulations:reading:edit"
    SURVEYS_BALLOT_CAST = "surveys:ballot:cast"
    SURVEYS_RESULT_READ = "surveys:result:read"
    SURVEYS_COMMENT_RELEASE = "surveys:comment:release"
    SURVEYS_QUESTIONNAIRE_READ = "surveys:questionnaire:read"
    SURVEYS_QUESTIONNAIRE_DRAFT = "surveys:questionnaire:draft"
    SURVEYS_QUESTIONNAIRE_APPROVE = "surveys:questionnaire:approve"
    TRAINING_CLASS_VIEW = "training:class:view"
    TRAINING_CLASS_READ = "training:class:read"
    TRAINING_CLASS_DRAFT = "training:class:draft"
    TRAINING_CLASS_APPROVE = "training:class:approve"
    TRAINING_PARTY_CLASS_APPROVE = "training:party_class:approve"
    TRAINING_CLASS_ARCHIVE = "training:class:archive"
    TRAINING_SEAT_BOOK = "training:seat:book"
    TRAINING_FIGURE_IMPORT = "training:figure:import"
    MENTORING_PAIR_JOIN = "mentoring:pair:join"
    MENTORING_PAIR_READ = "mentoring:pair:read"
    MENTORING_PAIR_DRAFT = "mentoring:pair:draft"
    MENTORING_PAIR_APPROVE = "mentoring:pair:approve"
    MEASURES_TASK_READ = "measures:task:read"
    MEASURES_PLAN_MANAGE = "measures:plan:manage"
    MEASURES_TASK_ASSIGN = "measures:task:assign"
    MEASURES_TASK_CARRY = "measures:task:carry"
    MEASURES_READING_RECORD = "measures:reading:record"
    MEASURES_TASK_REVIEW = "measures:task:review"
    MEASURES_TASK_CLOSE = "measures:task:close"
    ASSESSMENT_OWN_READ = "assessment:own:read"
    ASSESSMENT_PORTRAIT_READ = "assessment:portrait:read"
    ASSESSMENT_COMMENT_WRITE = "assessment:comment:write"
    ASSESSMENT_SCHEME_DRAFT = "assessment:scheme:draft"
    ASSESSMENT_SCHEME_APPROVE = "assessment:scheme:approve"
    ASSESSMENT_CYCLE_RUN = "assessment:cycle:run"
    ASSESSMENT_CYCLE_APPROVE = "assessment:cycle:approve"
    ASSESSMENT_OBJECTION_DECIDE = "assessment:objection:decide"
    FILES_DOCUMENT_VERIFY = "files:document:verify"


_EVERYBODY = frozenset(
    {
        Permission.HOME_PAGE_VIEW,
        Permission.ACCOUNTS_SESSION_END,
        Permission.JOBS_JOB_READ,
        Permission.WORKDAYS_CALENDAR_READ,
        Permission.ACCOUNTS_OWN_MANAGE,
        Permission.INBOX_STEP_READ,
        # Whoever was asked answers, whatever he does in the hall.
        Permission.SURVEYS_BALLOT_CAST,
        Permission.FILES_DOCUMENT_VERIFY,
    }
)

# Whoever follows 巡查 and 整改 for the whole hall.
_FOLLOWS_INSPECTIONS = frozenset(
    {
        Permission.INSPECTIONS_ROUND_READ,
        Permission.INSPECTIONS_FINDING_READ,
        Permission.INSPECTIONS_ROSTER_READ,
        Permission.INSPECTIONS_CHECKLIST_READ,
        Permission.RECTIFICATIONS_ORDER_READ,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: _EVERYBODY
    | {
        Permission.EXAMS_SITTING_SIT,
        Permission.SUGGESTIONS_IDEA_SUBMIT,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.TRAINING_CLASS_VIEW,
        Permission.MENTORING_PAIR_JOIN,
        Permission.ASSESSMENT_OWN_READ,
    },
    # 经办人 drafts everything and decides nothing.
    Role.CLERK: _EVERYBODY
    | _FOLLOWS_INSPECTIONS
    | {
        Permission.EXAMS_REPORT_READ,
        Permission.EXAMS_DEPARTMENT_READ,
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.ACCOUNTS_ROSTER_EDIT,
        Permission.ACCOUNTS_REGISTER_EDIT,
        Permission.ACCOUNTS_PHONE_READ,
        Permission.ACCOUNTS_COPY_ORDER,
        Permission.ACCOUNTS_ROLE_READ,
        Permission.ACCOUNTS_ROLE_REQUEST,
        Permission.ACCOUNTS_ROSTER_IMPORT,
        Permission.WORKDAYS_CALENDAR_EDIT,
        Permission.QUESTIONS_BANK_READ,
        Permission.QUESTIONS_QUESTION_EDIT,
        Permission.EXAMS_PAPER_READ,
        Permission.EXAMS_PAPER_DRAFT,
        Permission.EXAMS_PAPER_PUBLISH,
        Permission.EXAMS_RESULT_READ,
        Permission.EXAMS_RESULT_GRADE,
        Permission.EXAMS_ANSWER_ADMIT,
        Permission.EXAMS_CORRECTION_CHECK,
        Permission.EXAMS_ANSWER_MARK,
        Permission.EXAMS_EXCUSE_READ,
        Permission.EXAMS_EXCUSE_APPLY,
        Permission.EXAMS_ROLL_ARRANGE,
        Permission.EXAMS_SITTING_WATCH,
        Permission.EXAMS_SITTING_CONTROL,
        Permission.EXAMS_CALLBACK_CONFIRM,
        Permission.HOME_START_VIEW,
        Permission.ACCOUNTS_AUTHORISATION_READ,
        Permission.ACCOUNTS_POLITICAL_READ,
        Permission.WORKFLOW_SIGNATURE_RECORD,
        Permission.SCREENS_GROUP_READ,
        Permission.SCREENS_GROUP_EDIT,
        Permission.SCREENS_PACKAGE_ORDER,
        Permission.INSPECTIONS_ROSTER_EDIT,
        Permission.INSPECTIONS_CHECKLIST_EDIT,
        Permission.RECTIFICATIONS_ORDER_ISSUE,
        Permission.COMMITMENTS_SHEET_READ,
        Permission.COMMITMENTS_SHEET_DRAFT,
        Permission.COMMITMENTS_CARD_PRINT,
        Permission.COMMITMENTS_PLATE_READ,
        Permission.COMMITMENTS_PLATE_ASK,
        Permission.WORKFLOW_BATCH_PREPARE,
        Permission.WORKFLOW_BATCH_READ,
        Permission.SUGGESTIONS_IDEA_RECORD,
        Permission.SUGGESTIONS_IDEA_READ,
        Permission.SUGGESTIONS_ORDER_READ,
        Permission.SUGGESTIONS_ORDER_DRAFT,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RULE_DRAFT,
        Permission.REGULATIONS_RISK_READ,
        Permission.REGULATIONS_RISK_DRAFT,
        Permission.REGULATIONS_READING_READ,
        Permission.REGULATIONS_READING_EDIT,
        Permission.SURVEYS_QUESTIONNAIRE_READ,
        Permission.SURVEYS_QUESTIONNAIRE_DRAFT,
        Permission.TRAINING_CLASS_VIEW,
        Permission.TRAINING_CLASS_READ,
        Permission.TRAINING_CLASS_DRAFT,
        Permission.TRAINING_SEAT_BOOK,
        Permission.TRAINING_FIGURE_IMPORT,
        Permission.MENTORING_PAIR_READ,
        Permission.MENTORING_PAIR_DRAFT,
        Permission.MEASURES_TASK_READ,
        Permission.MEASURES_READING_RECORD,
        Permission.ASSESSMENT_OWN_READ,
        Permission.ASSESSMENT_SCHEME_DRAFT,
    },
    Role.SECTION_CHIEF: _EVERYBODY
    | _FOLLOWS_INSPECTIONS
    | {
        Permission.EXAMS_REPORT_READ,
        Permission.EXAMS_DEPARTMENT_READ,
        Permission.HOME_START_VIEW,
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.QUESTIONS_BANK_READ,
        Permission.QUESTIONS_REVIEW_DECIDE,
        Permission.EXAMS_PAPER_READ,
        Permission.EXAMS_PAPER_REVIEW,
        Permission.EXAMS_PAPER_PUBLISH,
        Permission.EXAMS_RESULT_READ,
        Permission.EXAMS_RESULT_RELEASE,
        Permission.EXAMS_CORRECTION_DECIDE,
        Permission.EXAMS_ANSWER_MARK,
        Permission.EXAMS_EXCUSE_READ,
        Permission.EXAMS_EXCUSE_DECIDE,
        Permission.EXAMS_SITTING_WATCH,
        Permission.EXAMS_SITTING_CONTROL,
        Permission.ACCOUNTS_AUTHORISATION_READ,
        Permission.ACCOUNTS_AUTHORISATION_GIVE,
        Permission.SCREENS_GROUP_READ,
        Permission.RECTIFICATIONS_ORDER_SIGN,
        Permission.RECTIFICATIONS_ORDER_CLOSE,
        Permission.COMMITMENTS_SHEET_READ,
        Permission.COMMITMENTS_SHEET_REVIEW,
        Permission.COMMITMENTS_SHEET_WITHDRAW,
        Permission.COMMITMENTS_PLATE_READ,
        Permission.WORKFLOW_BATCH_READ,
        Permission.SUGGESTIONS_IDEA_READ,
        Permission.SUGGESTIONS_IDEA_ANSWER,
        Permission.SUGGESTIONS_ORDER_READ,
        Permission.SUGGESTIONS_ORDER_VERIFY,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RULE_APPROVE,
        Permission.REGULATIONS_RISK_READ,
        Permission.REGULATIONS_RISK_APPROVE,
        Permission.REGULATIONS_READING_READ,
        Permission.SURVEYS_QUESTIONNAIRE_READ,
        Permission.SURVEYS_QUESTIONNAIRE_APPROVE,
        Permission.TRAINING_CLASS_VIEW,
        Permission.TRAINING_CLASS_READ,
        Permission.TRAINING_CLASS_APPROVE,
        Permission.MENTORING_PAIR_JOIN,
        Permission.MENTORING_PAIR_READ,
        Permission.MENTORING_PAIR_APPROVE,
        Permission.MEASURES_TASK_READ,
        Permission.MEASURES_TASK_CARRY,
        Permission.MEASURES_READING_RECORD,
        Permission.MEASURES_TASK_REVIEW,
        Permission.ASSESSMENT_OWN_READ,
        Permission.ASSESSMENT_PORTRAIT_READ,
        Permission.ASSESSMENT_COMMENT_WRITE,
        Permission.ASSESSMENT_OBJECTION_DECIDE,
    },
    # Gives 事项授权 for the 事项 of his own department.
    Role.WINDOW_LEAD: _EVERYBODY
    | {
        Permission.EXAMS_REPORT_READ,
        Permission.EXAMS_DEPARTMENT_READ,
        Permission.EXAMS_CALLBACK_CONFIRM,
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.ACCOUNTS_AUTHORISATION_READ,
        Permission.ACCOUNTS_AUTHORISATION_GIVE,
        Permission.EXAMS_EXCUSE_READ,
        Permission.EXAMS_EXCUSE_APPLY,
        Permission.EXAMS_ROLL_ARRANGE,
        Permission.INSPECTIONS_FINDING_READ,
        Permission.RECTIFICATIONS_ORDER_READ,
        Permission.RECTIFICATIONS_ORDER_REPLY,
        Permission.RECTIFICATIONS_ORDER_APPEAL,
        Permission.COMMITMENTS_SHEET_READ,
        Permission.COMMITMENTS_SHEET_DRAFT,
        Permission.COMMITMENTS_CARD_PRINT,
        Permission.COMMITMENTS_PLATE_READ,
        Permission.COMMITMENTS_PLATE_ASK,
        Permission.SUGGESTIONS_IDEA_SUBMIT,
        Permission.SUGGESTIONS_ORDER_READ,
        Permission.SUGGESTIONS_ORDER_CARRY,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RISK_READ,
        Permission.REGULATIONS_READING_READ,
        Permission.TRAINING_CLASS_VIEW,
        Permission.TRAINING_CLASS_READ,
        Permission.TRAINING_SEAT_BOOK,
        Permission.MENTORING_PAIR_JOIN,
        Permission.MENTORING_PAIR_READ,
        Permission.MENTORING_PAIR_DRAFT,
        Permission.MEASURES_TASK_READ,
        Permission.MEASURES_TASK_CARRY,
        Permission.MEASURES_READING_RECORD,
        Permission.ASSESSMENT_OWN_READ,
        Permission.ASSESSMENT_PORTRAIT_READ,
        Permission.ASSESSMENT_COMMENT_WRITE,
    },
    # The roster is where the branch reads 政治面貌, in a hall that keeps it.
    Role.PARTY_BRANCH: _EVERYBODY
    | {
        Permission.EXAMS_REPORT_READ,
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.ACCOUNTS_POLITICAL_READ,
        Permission.COMMITMENTS_SHEET_READ,
        Permission.COMMITMENTS_PLATE_READ,
        Permission.COMMITMENTS_PLATE_CONFIRM,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RISK_READ,
        Permission.SURVEYS_RESULT_READ,
        Permission.SURVEYS_COMMENT_RELEASE,
        Permission.SURVEYS_QUESTIONNAIRE_READ,
        Permission.SURVEYS_QUESTIONNAIRE_DRAFT,
        Permission.SURVEYS_QUESTIONNAIRE_APPROVE,
        Permission.TRAINING_CLASS_VIEW,
        Permission.TRAINING_CLASS_READ,
        Permission.TRAINING_CLASS_DRAFT,
        Permission.TRAINING_PARTY_CLASS_APPROVE,
        Permission.MEASURES_TASK_READ,
        Permission.ASSESSMENT_OWN_READ,
    },
    Role.INSPECTOR: _EVERYBODY
    | _FOLLOWS_INSPECTIONS
    | {
        Permission.INSPECTIONS_ROUND_MAKE,
        Permission.INSPECTIONS_HANDOVER_READ,
        Permission.INSPECTIONS_HANDOVER_MAKE,
        Permission.RECTIFICATIONS_ORDER_ISSUE,
        Permission.RECTIFICATIONS_ORDER_RECHECK,
        Permission.COMMITMENTS_SHEET_READ,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RISK_READ,
        Permission.TRAINING_CLASS_VIEW,
        Permission.ASSESSMENT_OWN_READ,
    },
    Role.FEEDBACK_OFFICER: _EVERYBODY
    | {
        Permission.COMMITMENTS_SHEET_READ,
        Permission.SUGGESTIONS_IDEA_RECORD,
        Permission.SUGGESTIONS_IDEA_READ,
        Permission.SUGGESTIONS_IDEA_TRIAGE,
        Permission.SUGGESTIONS_PUBLIC_IDEA_TRIAGE,
        Permission.SUGGESTIONS_HANDOVER_READ,
        Permission.SUGGESTIONS_ORDER_READ,
        Permission.SUGGESTIONS_ORDER_VISIT,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.TRAINING_CLASS_VIEW,
        Permission.ASSESSMENT_OWN_READ,
    },
    Role.OFFICE: _EVERYBODY
    | _FOLLOWS_INSPECTIONS
    | {
        Permission.EXAMS_REPORT_READ,
        Permission.EXAMS_SITTING_WATCH,
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.SETTINGS_VALUE_READ,
        Permission.SETTINGS_NUMBER_SET,
        Permission.ACCOUNTS_AUTHORISATION_READ,
        Permission.SCREENS_GROUP_READ,
        Permission.SCREENS_GROUP_EDIT,
        Permission.SCREENS_PACKAGE_ORDER,
        Permission.INSPECTIONS_ROSTER_EDIT,
        Permission.COMMITMENTS_SHEET_READ,
        Permission.COMMITMENTS_SHEET_WITHDRAW,
        Permission.COMMITMENTS_CARD_PRINT,
        Permission.COMMITMENTS_PLATE_READ,
        Permission.WORKFLOW_BATCH_READ,
        Permission.SUGGESTIONS_IDEA_READ,
        Permission.SUGGESTIONS_IDEA_TRIAGE,
        Permission.SUGGESTIONS_STAFF_IDEA_TRIAGE,
        Permission.SUGGESTIONS_HANDOVER_READ,
        Permission.SUGGESTIONS_ORDER_READ,
        Permission.SUGGESTIONS_ORDER_DRAFT,
        Permission.SUGGESTIONS_ORDER_VERIFY,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RISK_READ,
        Permission.REGULATIONS_READING_READ,
        Permission.REGULATIONS_READING_EDIT,
        Permission.SURVEYS_RESULT_READ,
        Permission.SURVEYS_COMMENT_RELEASE,
        Permission.SURVEYS_QUESTIONNAIRE_READ,
        Permission.SURVEYS_QUESTIONNAIRE_APPROVE,
        Permission.TRAINING_CLASS_VIEW,
        Permission.TRAINING_CLASS_READ,
        Permission.TRAINING_CLASS_ARCHIVE,
        Permission.MENTORING_PAIR_READ,
        Permission.MEASURES_TASK_READ,
        Permission.MEASURES_PLAN_MANAGE,
        Permission.MEASURES_TASK_ASSIGN,
        Permission.MEASURES_READING_RECORD,
        Permission.MEASURES_TASK_REVIEW,
        Permission.ASSESSMENT_OWN_READ,
        Permission.ASSESSMENT_PORTRAIT_READ,
        Permission.ASSESSMENT_SCHEME_DRAFT,
        Permission.ASSESSMENT_CYCLE_RUN,
    },
    # 中心领导 confirms who administers, so that no administrator chooses the others alone.
    Role.LEADER: _EVERYBODY
    | _FOLLOWS_INSPECTIONS
    | {
        Permission.EXAMS_REPORT_READ,
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.ACCOUNTS_AUTHORISATION_READ,
        Permission.ACCOUNTS_ADMINISTRATOR_READ,
        Permission.ACCOUNTS_ADMINISTRATOR_DECIDE,
        Permission.SCREENS_GROUP_READ,
        Permission.RECTIFICATIONS_ORDER_DECIDE,
        Permission.COMMITMENTS_SHEET_READ,
        Permission.COMMITMENTS_SHEET_APPROVE,
        Permission.EXAMS_PAPER_READ,
        Permission.EXAMS_PAPER_APPROVE,
        Permission.COMMITMENTS_PLATE_READ,
        Permission.WORKFLOW_BATCH_READ,
        Permission.SUGGESTIONS_IDEA_READ,
        Permission.SUGGESTIONS_EXTENSION_DECIDE,
        Permission.SUGGESTIONS_ORDER_READ,
        Permission.SUGGESTIONS_ORDER_ISSUE,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RISK_READ,
        Permission.REGULATIONS_READING_READ,
        Permission.SURVEYS_RESULT_READ,
        Permission.SURVEYS_QUESTIONNAIRE_READ,
        Permission.TRAINING_CLASS_VIEW,
        Permission.TRAINING_CLASS_READ,
        Permission.MENTORING_PAIR_READ,
        Permission.MEASURES_TASK_READ,
        Permission.MEASURES_TASK_CLOSE,
        Permission.ASSESSMENT_OWN_READ,
        Permission.ASSESSMENT_PORTRAIT_READ,
        Permission.ASSESSMENT_SCHEME_APPROVE,
        Permission.ASSESSMENT_CYCLE_APPROVE,
        Permission.ASSESSMENT_OBJECTION_DECIDE,
    },
    # 派驻纪检组: whoever receives what was handed over, and nobody else ever reads it.
    Role.DISCIPLINE: _EVERYBODY
    | {
        Permission.INSPECTIONS_HANDOVER_READ,
        Permission.INSPECTIONS_HANDOVER_RECEIVE,
        Permission.SUGGESTIONS_HANDOVER_READ,
        Permission.SUGGESTIONS_HANDOVER_RECEIVE,
        Permission.REGULATIONS_RULE_READ,
        Permission.REGULATIONS_READING_CONFIRM,
        Permission.REGULATIONS_RISK_READ,
        Permission.TRAINING_CLASS_VIEW,
        Permission.ASSESSMENT_OWN_READ,
    },
    # 三员 administer and do no business: each has what his duty needs, and nothing of the others'.
    Role.SYSADMIN: _EVERYBODY
    | {
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.ACCOUNTS_ROLE_READ,
        Permission.ACCOUNTS_ROLE_REQUEST,
        Permission.ACCOUNTS_HALL_EDIT,
        Permission.ACCOUNTS_ROSTER_IMPORT,
        Permission.ACCOUNTS_ACCOUNT_READ,
        Permission.ACCOUNTS_ACCOUNT_MANAGE,
        Permission.HOME_START_VIEW,
        Permission.ACCOUNTS_HALL_OPEN,
        Permission.ACCOUNTS_ADMINISTRATOR_READ,
        Permission.ACCOUNTS_ADMINISTRATOR_APPOINT,
    },
    Role.SECADMIN: _EVERYBODY
    | {
        Permission.ACCOUNTS_ROSTER_READ,
        Permission.ACCOUNTS_ROLE_READ,
        Permission.ACCOUNTS_ROLE_DECIDE,
        Permission.SETTINGS_VALUE_READ,
        Permission.SETTINGS_POLICY_SET,
        Permission.ACCOUNTS_ACCOUNT_READ,
        Permission.ACCOUNTS_FACTOR_RESET,
        Permission.ACCOUNTS_ADMINISTRATOR_READ,
        Permission.ACCOUNTS_ADMINISTRATOR_DECIDE,
    },
    # Reads and verifies the log, and changes nothing anywhere (AL7).
    Role.AUDITOR: _EVERYBODY
    | {
        Permission.AUDIT_LOG_READ,
        Permission.AUDIT_LOG_EXPORT,
        Permission.AUDIT_LOG_VERIFY,
    },
}


def roles_with(permission: str) -> list[Role]:
    """Give the roles that hold a permission."""
    return [role for role, allowed in GRANTS.items() if permission in allowed]


# Endpoints that need no sign-in. Short, and read by a person whenever it grows.
PUBLIC_ENDPOINTS = frozenset(
    {
        "site.serve_static",
        "site.show_health",
        "accounts.sign_in",
        "accounts.sign_in_again",
        "accounts.enter_code",
        "accounts.set_up",
        "screens.show_player",
        "screens.show_manifest",
        "screens.serve_worker",
        "commitments.list_disclosed",
        "commitments.show_disclosed",
        "commitments.show_duty_photo",
        "suggestions.new_public_idea",
        "suggestions.follow_idea",
        "suggestions.reply_idea",
        "suggestions.rate_idea",
    }
)
# Where the pages for the whole world stand: commitments, screens.
PUBLIC_PREFIX = "/public/"
# Registered in the demonstration only, where anybody at the machine may enter as any role.
DEMO_ENDPOINTS = frozenset(
    {
        "entrance.show_entrance",
        "entrance.enter_as",
        "entrance.try_exam",
        "entrance.show_tour",
        "entrance.enter_station",
    }
)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role in a scope: one department, or the whole centre where `department_id` is None."""

    role: Role
    department_id: int | None


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The person behind a request, as far as deciding needs it. Detached from the database."""

    account_id: int
    person_id: int
    name: str
    staff_number: str
    department_id: int
    department_name: str
    grants: frozenset[Grant]
    session_id: str
    seen_at: datetime | None = None
    # When the password was last typed in this session.
    proven_at: datetime | None = None
    # An account of 三员, or of the one administrator.
    is_administrator: bool = False
    # The page where this person must do something before any other, such as set a password.
    held_at: str | None = None

    # The four members that Flask-Login asks for.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Give the key of the server-side session."""
        return self.session_id

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, whatever their scope."""
        return frozenset(grant.role for grant in self.grants)

    def departments_of(self, permission: Permission) -> frozenset[int] | None:
        """Give the departments in which a grant allows it; None means the whole centre."""
        scopes = {each.department_id for each in self.grants if permission in GRANTS[each.role]}
        return None if None in scopes else frozenset(each for each in scopes if each is not None)

    def can(self, permission: Permission, *, department_id: int | None = None) -> bool:
        """Tell whether a grant allows it: for that department, or anywhere when none is named."""
        return any(
            permission in GRANTS[grant.role]
            and (department_id is None or grant.department_id in {None, department_id})
            for grant in self.grants
        )


def principal() -> Principal | None:
    """Give the signed-in person of this request, or None.

    What stands under `/public/` is the same for everybody: nobody's session is read there (PU1).
    """
    if has_request_context() and request.path.startswith(PUBLIC_PREFIX):
        return None
    user = current_user._get_current_object()  # noqa: SLF001 - the proxy must not leave the request.
    return user if isinstance(user, Principal) else None


def signed_in() -> Principal:
    """Give the signed-in person; only for views behind `@require`."""
    user = principal()
    if user is None:
        message = f"{current_app.name}: a guarded view ran without a principal"
        raise RuntimeError(message)
    return user
