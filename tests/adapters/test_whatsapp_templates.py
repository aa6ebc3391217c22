import pytest

from buurtwacht import ConfigurationError, TemplateText, TemplateUse, Throttled, Unavailable, WindowClosed
from buurtwacht.testing.provider import Fault

from .whatsapp_kit import message, run, town

ALERT = TemplateText(
    "buurtwacht_alert", "nl", "Melding {{1}}: {{2}}. Reageer hieronder.", ("TB-0001", "auto"), ("Gezien", "Ik let op")
)
ENGLISH = TemplateText("buurtwacht_alert", "en", "Alert {{1}}: {{2}}. Answer below.", ("TB-0001", "car"))


def test_missing_templates_are_submitted_and_then_pending() -> None:
    here = town()
    states = run(here.channel.submit([ALERT, ENGLISH]))
    assert [(each.name, each.language, each.state) for each in states] == [
        ("buurtwacht_alert", "nl", "pending"),
        ("buurtwacht_alert", "en", "pending"),
    ]
    assert [each.language for each in run(here.channel.templates())] == ["en", "nl"]
    assert not here.cloud.complaints


def test_what_meta_has_in_the_same_words_is_left_alone() -> None:
    here = town()
    here.cloud.approve(ALERT.name, "nl", ALERT.body, ALERT.buttons)
    (state,) = run(here.channel.submit([ALERT]))
    assert (state.state, state.reason) == ("approved", "")


def test_other_words_are_submitted_anew_but_not_while_they_are_judged() -> None:
    here = town()
    here.cloud.approve(ALERT.name, "nl", "Oude tekst {{1}}.", status="REJECTED")
    (changed,) = run(here.channel.submit([ALERT]))
    assert changed.state == "pending"
    assert here.cloud.library.listed(ALERT.name)[0]["components"] != []
    here.cloud.approve(ENGLISH.name, "en", "Old text {{1}}.", status="PENDING")
    (waiting,) = run(here.channel.submit([ENGLISH]))
    assert waiting.state == "pending"
    assert not here.cloud.complaints


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        ("APPROVED", "approved", ""),
        ("PENDING", "pending", ""),
        ("PAUSED", "paused", "paused"),
        ("REJECTED", "rejected", "INVALID_FORMAT"),
        ("DISABLED", "rejected", "disabled"),
        ("DELETED", "missing", "deleted"),
        ("SOMETHING_NEW", "rejected", "something_new"),
    ],
)
def test_metas_judgement_in_our_words(status: str, state: str, reason: str) -> None:
    here = town()
    here.cloud.approve(ALERT.name, "nl", ALERT.body, status=status)
    (told,) = run(here.channel.templates())
    assert (told.state, told.reason) == (state, reason)


def test_templates_of_others_and_long_lists() -> None:
    here = town()
    here.cloud.approve("other_alert", "nl", "x")
    here.cloud.approve("my_buurtwacht_alert", "nl", "x")
    for number in range(230):
        here.cloud.approve(f"buurtwacht_text{number:03d}", "nl", "x")
    told = run(here.channel.templates())
    assert len(told) == 230
    assert {each.name.split("_")[0] for each in told} == {"buurtwacht"}


def test_without_a_business_account_the_mend_is_told() -> None:
    here = town(waba_id="")
    with pytest.raises(ConfigurationError, match=r"channels\.whatsapp\.waba_id"):
        run(here.channel.templates())
    with pytest.raises(ConfigurationError):
        run(here.channel.submit([ALERT]))


@pytest.mark.parametrize("status", ["PENDING", "PAUSED", "REJECTED", "DISABLED"])
def test_a_template_that_is_not_approved_counts_as_a_closed_window(status: str) -> None:
    here = town()
    here.cloud.approve(ALERT.name, "nl", ALERT.body, ALERT.buttons, status=status)
    henk = here.cloud.person("Henk")
    with pytest.raises(WindowClosed, match="template"):
        here.send(message(henk, template=TemplateUse(ALERT.name, "nl", ("TB-0001", "auto"))))


def test_too_few_parameters_and_unknown_names_count_as_a_closed_window() -> None:
    here = town()
    here.cloud.approve(ALERT.name, "nl", ALERT.body)
    henk = here.cloud.person("Henk")
    with pytest.raises(WindowClosed, match="template"):
        here.send(message(henk, template=TemplateUse(ALERT.name, "nl", ("TB-0001",))))
    with pytest.raises(WindowClosed, match="template"):
        here.send(message(henk, template=TemplateUse("other_alert", "nl", ())))
    here.cloud.knows_all = False
    with pytest.raises(WindowClosed, match="template"):
        here.send(message(henk, template=TemplateUse("buurtwacht_new", "nl", ())))


def test_an_unknown_template_of_ours_shows_its_parameters() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.send(message(henk, template=TemplateUse("buurtwacht_new", "nl", ("een", "twee", ""))))
    assert here.cloud.seen[0].text == "een · twee · -"


def test_a_fault_of_the_provider_is_not_a_judgement() -> None:
    here = town()
    here.cloud.down = True
    with pytest.raises(Unavailable):
        run(here.channel.templates())
    here.cloud.down = False
    henk = here.cloud.person("Henk")
    here.cloud.faults[henk[0].value] = Fault("throttled", 9.0)
    with pytest.raises(Throttled) as caught:
        here.send(message(henk, template=TemplateUse("buurtwacht_new", "nl", ())))
    assert (caught.value.scope, caught.value.retry_after) == ("recipient", 9.0)
