"""Every word of the page, in Dutch and in English, and the mistakes it can point out."""

from __future__ import annotations

from typing import Literal

from buurtwacht import BuurtwachtError

Language = Literal["nl", "en"]

#: key: (Dutch, English). Keys that begin with `js_` are handed to the page's scripts, without that beginning.
WORDS: dict[str, tuple[str, str]] = {
    "title": ("Buurtwacht · speeltuin", "Buurtwacht · playground"),
    "heading": ("Speeltuin", "Playground"),
    "tagline": (
        "Een voorbeelddorp op één scherm. Niets hiervan verlaat deze computer.",
        "A sample town on one screen. Nothing here leaves this computer.",
    ),
    "skip": ("Naar de telefoons", "Skip to the telephones"),
    "clock": ("Klok van het voorbeeld", "Clock of the sample town"),
    "advance": ("Zet de klok vooruit", "Move the clock forward"),
    "plus_1m": ("+1 min", "+1 min"),
    "plus_10m": ("+10 min", "+10 min"),
    "plus_1h": ("+1 uur", "+1 h"),
    "to_seven": ("naar 07:00", "to 07:00"),
    "story_play": ("Speel het", "Play the"),
    "story_name": ("eerste verhaal", "first story"),
    "story": ("Het eerste verhaal", "The first story"),
    "story_next": ("Volgende", "Next"),
    "story_pause": ("Pauze", "Pause"),
    "story_stop": ("Stoppen", "Stop"),
    "language": ("Taal", "Language"),
    "phones": ("Telefoons", "Telephones"),
    "inside": ("Wat er binnen gebeurt", "What happens inside"),
    "inside_hint": (
        "Elk bericht: binnengekomen → afgehandeld → klaargezet → verstuurd.",
        "Every message: received → handled → queued → sent.",
    ),
    "inside_person": ("Toon", "Show"),
    "inside_all": ("iedereen", "everybody"),
    "inside_clear": ("Leegmaken", "Clear"),
    "inside_empty": (
        "Nog niets. Typ iets op een telefoon, of speel het verhaal.",
        "Nothing yet. Type something on a telephone, or play the story.",
    ),
    "inside_mine": ("Alleen van mij", "Only mine"),
    "no_script": (
        "Deze pagina heeft JavaScript nodig om de telefoons te laten leven.",
        "This page needs JavaScript to bring the telephones to life.",
    ),
    "waiting": ("De telefoons worden klaargelegd …", "The telephones are being laid out …"),
    "js_lost": (
        "De verbinding is weg. Er wordt opnieuw verbinding gezocht …",
        "The connection is gone. Trying to reach it again …",
    ),
    "js_failed": ("Dat lukte niet. Loopt de demo nog?", "That did not work. Is the demo still running?"),
    "js_telegram_status": ("bot", "bot"),
    "js_whatsapp_status": ("zakelijk account", "business account"),
    "js_browser_status": ("browser", "browser"),
    "js_phone_of": ("Telefoon van {name}, {messenger}", "Telephone of {name}, {messenger}"),
    "js_messages_of": ("Berichten van {name}", "Messages of {name}"),
    "js_write": ("Bericht", "Message"),
    "js_send": ("Verstuur", "Send"),
    "js_attach": ("Bijlage", "Attach"),
    "js_photo_sample": ("Voorbeeldfoto", "Sample photo"),
    "js_photo_file": ("Foto kiezen …", "Choose a photo …"),
    "js_photo_large": ("Deze foto is te groot; hij mag 5 MB zijn.", "This photo is too large; it may be 5 MB."),
    "js_location": ("Locatie", "Location"),
    "js_voice": ("Spraakbericht", "Voice message"),
    "js_react": ("Reageer of antwoord", "React or reply"),
    "js_react_with": ("Reageer met {emoji}", "React with {emoji}"),
    "js_reply": ("Antwoord", "Reply"),
    "js_replying": ("Antwoord op", "Reply to"),
    "js_cancel": ("Annuleer", "Cancel"),
    "js_edited": ("bewerkt", "edited"),
    "js_template": ("sjabloon", "template"),
    "js_template_hint": (
        "Buiten de 24 uur mag alleen een goedgekeurd sjabloon worden verstuurd",
        "Outside the 24 hours only an approved template may be sent",
    ),
    "js_silent": ("zonder geluid", "without sound"),
    "js_all_answers": ("Alle antwoorden", "See all options"),
    "js_choose": ("Kies een antwoord", "Choose an answer"),
    "js_picture": ("Foto", "Photo"),
    "js_document": ("Bestand", "File"),
    "js_map": ("Locatie {latitude}, {longitude}", "Location {latitude}, {longitude}"),
    "js_window_open": ("Venster open tot {time}", "Window open until {time}"),
    "js_window_closed": ("Dicht: alleen sjablonen", "Closed: templates only"),
    "js_window_do_open": ("Open", "Open"),
    "js_window_do_close": ("Sluit", "Close"),
    "js_off": ("Deze telefoon staat uit.", "This telephone is switched off."),
    "js_blocked": ("{name} heeft Buurtwacht geblokkeerd.", "{name} has blocked Buurtwacht."),
    "js_switch_on": ("Zet de telefoon van {name} aan", "Switch {name}'s telephone on"),
    "js_switch_off": ("Zet de telefoon van {name} uit", "Switch {name}'s telephone off"),
    "js_block": ("Blokkeer Buurtwacht bij {name}", "Block Buurtwacht on {name}'s telephone"),
    "js_unblock": ("Sta Buurtwacht weer toe bij {name}", "Allow Buurtwacht again on {name}'s telephone"),
    "js_empty": ("Nog geen berichten", "No messages yet"),
    "js_tick_pending": ("onderweg", "on its way"),
    "js_tick_sent": ("verstuurd", "sent"),
    "js_tick_delivered": ("aangekomen", "delivered"),
    "js_tick_read": ("gelezen", "read"),
    "js_tick_failed": ("niet aangekomen", "not delivered"),
    "js_stage_inbox": ("binnen", "received"),
    "js_stage_handler": ("afgehandeld", "handled"),
    "js_stage_queued": ("klaargezet", "queued"),
    "js_stage_sent": ("verstuurd", "sent"),
    "js_stage_failed": ("mislukt", "failed"),
    "js_stage_timer": ("wekker", "timer"),
    "js_stage_hook": ("aanroep", "call"),
    "js_stage_error": ("fout", "error"),
    "js_what_hook": ("{what}", "{what}"),
    "js_what_error": ("in {what}", "in {what}"),
    "js_what_handler": ("door {what}", "by {what}"),
    "js_what_queued": ("tekst {what}", "text {what}"),
    "js_what_sent": ("tekst {what}", "text {what}"),
    "js_what_failed": ("tekst {what}", "text {what}"),
    "js_what_timer": ("{what}", "{what}"),
    "js_faults_one": ("1 fout", "1 error"),
    "js_faults": ("{count} fouten", "{count} errors"),
    "js_begun_anew": (
        "Opnieuw begonnen na je wijziging. Het dorp is nieuw; wat je het laatst typte, staat klaar.",
        "Begun anew after your change. The town is new; what you typed last is ready.",
    ),
    "js_making": ("Jouw onderdeel: {name}", "Your plugin: {name}"),
    "js_remark_reloads": ("begint opnieuw na elke wijziging", "begins anew after each change"),
    "js_remark_in_place": ("in plaats van het ingebouwde", "in place of the built-in one"),
    "js_remark_settings": ("instellingen uit plugins.toml", "settings from plugins.toml"),
    "js_remark_opted_in": ("iedereen in het dorp volgt het", "everybody in the town has opted in"),
    "js_remark_unmigrated": (
        "nog geen migraties: de tabellen zijn hier van de records gemaakt",
        "no migrations yet: its tables are made from its records here",
    ),
    "js_remark_differs": (
        "de migraties leiden niet tot de records: de tabellen zijn hier van de records gemaakt",
        "its migrations do not lead to its records: its tables are made from its records here",
    ),
    "js_remark_outside": (
        "vraagt alleen bronnen op deze computer",
        "asks sources on this computer only",
    ),
    "js_kind_said": ("bericht", "message"),
    "js_kind_tapped": ("antwoord aangetikt", "answer tapped"),
    "js_kind_reacted": ("reactie met een teken", "reaction with a sign"),
    "js_kind_edited": ("bericht bewerkt", "message edited"),
    "js_kind_deleted": ("bericht verwijderd", "message deleted"),
    "js_kind_blocked": ("geblokkeerd of weer toegelaten", "blocked or allowed again"),
    "js_kind_moved": ("ander adres", "other address"),
    "js_kind_group_changed": ("groep veranderd", "group changed"),
    "js_kind_fetched": ("bestand opgehaald", "file fetched"),
    "js_kind_unreadable": ("onleesbaar bericht", "unreadable message"),
    "js_story_step": ("Stap {step} van {total}", "Step {step} of {total}"),
    "js_story_go_on": ("Verder", "Go on"),
    "js_story_pause": ("Pauze", "Pause"),
    "js_story_next": ("Volgende", "Next"),
    "js_story_working": ("Bezig …", "Working …"),
    "js_story_again": ("Opnieuw", "Again"),
    "js_story_stop": ("Stoppen", "Stop"),
    "js_story_close": ("Sluiten", "Close"),
    "js_story_skipped": ("(overgeslagen: dit werd niet gevraagd)", "(skipped: this was not asked)"),
    "js_role_patroller": ("loper", "patroller"),
    "js_role_coordinator": ("coördinator", "co-ordinator"),
    "js_role_deputy_coordinator": ("plv. coördinator", "deputy co-ordinator"),
    "js_role_admin": ("beheerder", "admin"),
    "js_role_representative": ("vertegenwoordiger", "representative"),
    "js_role_deputy_representative": ("plv. vertegenwoordiger", "deputy representative"),
    "js_role_official_police": ("politie", "police"),
    "js_role_official_controlroom": ("meldkamer", "control room"),
    "js_role_official_municipality": ("gemeente", "municipality"),
    "js_role_official_boa": ("handhaving", "enforcement"),
    "js_role_official_mayor": ("burgemeester", "mayor"),
}

#: What a caller did wrong, as a sentence that says what would be right.
MISTAKES: dict[str, tuple[str, str]] = {
    "not_local": ("De speeltuin is er alleen op deze computer.", "The playground is for this computer only."),
    "not_same_page": ("Alleen de speeltuin zelf mag dit vragen.", "Only the playground's own page may ask this."),
    "not_json": ("Stuur dit als JSON (application/json).", "Send this as JSON (application/json)."),
    "too_large": ("Dit is te groot; een foto mag 5 MB zijn.", "This is too large; a photo may be 5 MB."),
    "bad_field": ("Er klopt iets niet aan: {fields}.", "Something is wrong with: {fields}."),
    "bad_photo": ("Dit is geen foto die te lezen is (JPEG of PNG).", "This is not a readable photo (JPEG or PNG)."),
    "no_telephone": ("Deze telefoon is er niet.", "There is no such telephone."),
    "no_viewer": ("Deze pagina is niet meer verbonden.", "This page is no longer connected."),
    "no_message": ("Dit bericht staat niet op die telefoon.", "That telephone has no such message."),
    "no_option": ("Dit antwoord staat niet onder dat bericht.", "There is no such answer under that message."),
    "no_window": ("Deze messenger kent geen venster van 24 uur.", "This messenger has no 24-hour window."),
    "own_message": ("Op je eigen bericht reageren kan hier niet.", "You cannot react to your own message here."),
    "is_off": (
        "De telefoon van {name} staat uit. Zet hem eerst aan.",
        "{name}'s telephone is off. Switch it on first.",
    ),
    "is_blocked": (
        "{name} heeft Buurtwacht geblokkeerd. Hef dat eerst op.",
        "{name} has blocked Buurtwacht. Allow it again first.",
    ),
    "not_kept": (
        "Het bericht kon niet worden bewaard. Probeer het zo nog eens.",
        "The message could not be kept. Try again in a moment.",
    ),
    "clock_how": ("Zeg hoeveel seconden, of tot hoe laat: één van beide.", "Say how many seconds, or until when: one."),
    "no_step": ("Zoveel stappen heeft het verhaal niet.", "The story does not have that many steps."),
    "no_actor": ("{name} heeft hier geen telefoon.", "{name} has no telephone here."),
    "not_seen": (
        "Het verhaal stokt: {name} kreeg niet wat er zou komen. Kijk onderaan wat er binnen gebeurde.",
        "The story is stuck: {name} did not get what was to come. See below what happened inside.",
    ),
}


class Mistake(BuurtwachtError):
    """A request that cannot be done, with the HTTP status and the key of the sentence that says so."""

    def __init__(self, status: int, key: str, **facts: str) -> None:
        self.status = status
        self.key = key
        self.facts = facts
        super().__init__(key)

    def sentence(self, language: Language) -> str:
        """Return what the person at the page reads."""
        return MISTAKES[self.key][language == "en"].format(**self.facts)


def chosen_language(wanted: str | None) -> Language:
    """Return the page's language; Dutch unless English was asked for."""
    return "en" if wanted == "en" else "nl"


def page_words(language: Language) -> dict[str, str]:
    """Return the words of the page itself, by key."""
    return {key: both[language == "en"] for key, both in WORDS.items() if not key.startswith("js_")}


def script_words(language: Language) -> dict[str, str]:
    """Return the words that the page's scripts use, by key."""
    return {key.removeprefix("js_"): both[language == "en"] for key, both in WORDS.items() if key.startswith("js_")}
