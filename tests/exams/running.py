"""What organisers and open pages do in an exam that runs, for tests."""

import json


def act(sign_in, exam_id, name, public_id="", status=303, **values):
    """Do an act by its page's form, to all or to one; gives the answer."""
    browser = sign_in()
    whom = f"{public_id}/" if public_id else ""
    page = browser.get(f"/exams/papers/{exam_id}/live/{whom}acts/{name}")
    return browser.submit(page, values, form=f"form[action$='acts/{name}']", status=status)


def pulse(examinee, status=200, **fields):
    """Ask as an open page does; gives the JSON answer."""
    page = {"unsaved": "0", "known": "0", **fields}
    answer = examinee.browser.client.post(
        f"{examinee.url}/pulse", data={**page, "csrf_token": examinee.browser.token()}
    )
    assert answer.status_code == status, answer.get_data(as_text=True)
    return json.loads(answer.get_data())
