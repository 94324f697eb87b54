"""One scenario of the official Python library against the simulator: client.py SCENARIO.

The library is used as it is. Only its HTTP client is told to go to the simulator's origin instead of
https://*.twilio.com. The simulator's first line comes in TUILIO_SIMULATOR.
"""

import json
import os
import re
import sys
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

SIM = json.loads(os.environ["TUILIO_SIMULATOR"])
ORIGIN, ACCOUNT = SIM["url"], SIM["account_sid"]
FROM, SERVICE, VERIFY = SIM["from_number"], SIM["messaging_service_sid"], SIM["verify_service_sid"]
ANNA, BEN = "+14155550123", "+14155550127"


class Redirect(TwilioHttpClient):
    def request(self, method, url, **rest):
        return super().request(method, re.sub(r"^https://[a-z.-]+\.twilio\.com", ORIGIN, url), **rest)


def client(username=ACCOUNT, password=SIM["auth_token"]):
    return Client(username, password, ACCOUNT, http_client=Redirect(timeout=20))


twilio = client()
verify = twilio.verify.v2.services(VERIFY)


def equal(got, expected):
    assert got == expected, f"got {got!r}, expected {expected!r}"


def refused(code, statuses, act):
    """For some codes no page of Twilio's says which HTTP status they come with."""
    try:
        act()
    except TwilioRestException as error:
        equal(error.code, code)
        assert error.status in (statuses if isinstance(statuses, tuple) else (statuses,)), error.status
        assert error.msg, "an error has a message"
        return error
    raise AssertionError(f"not refused with {code}")


def until(look, condition):
    """The first thing seen that meets the condition."""
    end = time.monotonic() + 30
    while True:
        seen = look()
        if condition(seen):
            return seen
        assert time.monotonic() < end, f"still {seen!r}"
        time.sleep(0.02)


def send(to=ANNA, body="Your order is ready.", **rest):
    return twilio.messages.create(to=to, body=body, **({"from_": FROM} | rest))


def delivered(message):
    return until(lambda: twilio.messages(message.sid).fetch(), lambda seen: seen.status == "delivered")


def phone(address):
    with urllib.request.urlopen(f"{ORIGIN}/simulator/phones/{address}", timeout=20) as answer:
        return json.load(answer)


def start(to=ANNA, channel="sms", **rest):
    return verify.verifications.create(to=to, channel=channel, **rest)


def check(code, to=ANNA):
    return verify.verification_checks.create(to=to, code=code)


def code_on(address=ANNA):
    return phone(address)[-1]["code"]


def wrong(code):
    return "".join(str((int(digit) + 1) % 10) for digit in code)


def a_text_from_a_number_is_queued_and_can_be_fetched():
    sent = send()
    assert re.fullmatch(r"SM[0-9a-f]{32}", sent.sid), sent.sid
    equal((sent.status, sent.direction, sent.from_, sent.to), ("queued", "outbound-api", FROM, ANNA))
    equal((sent.num_segments, sent.num_media, sent.account_sid), ("1", "0", ACCOUNT))
    equal((sent.price, sent.error_code, sent.date_sent, sent.messaging_service_sid), (None,) * 4)
    assert sent.date_created.tzinfo is not None
    equal(sent.uri, f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sent.sid}.json")
    fetched = twilio.messages(sent.sid).fetch()
    equal((fetched.sid, fetched.body, fetched.date_created), (sent.sid, sent.body, sent.date_created))


def a_text_through_a_service_gets_a_sender_and_arrives():
    sent = twilio.messages.create(to=ANNA, messaging_service_sid=SERVICE, body="Hello")
    equal((sent.status, sent.from_, sent.messaging_service_sid), ("accepted", None, SERVICE))
    equal(sent.num_segments, "0")
    there = delivered(sent)
    equal((there.from_, there.num_segments, there.error_code), (FROM, "1", None))
    assert there.date_sent is not None
    priced = until(lambda: twilio.messages(sent.sid).fetch(), lambda seen: seen.price is not None)
    assert Decimal(priced.price) < 0 and priced.price_unit.upper() == "USD", priced.price


def what_arrives_shows_on_the_phone_byte_for_byte():
    equal(phone(BEN), [])
    body = "50 % off & 1+1=2; \"tea\" für dich?\nÄ € 👍🏽 #~/\\"
    delivered(send(BEN, body))
    shown = phone(BEN.replace("+", "%2B"))
    equal([(text["kind"], text["from"], text["body"], text["code"]) for text in shown], [("sms", FROM, body, None)])


def messages_are_listed_newest_first_in_pages():
    sids = [send(body=f"Text {n}").sid for n in range(5)]
    newest_first = sids[::-1]
    equal([text.sid for text in twilio.messages.list(to=ANNA, page_size=2)], newest_first)
    equal([text.sid for text in twilio.messages.list(to=ANNA, limit=3, page_size=2)], newest_first[:3])
    sizes, page = [], twilio.messages.page(to=ANNA, page_size=2)
    while page is not None:
        sizes.append(len(list(page)))
        page = page.next_page()
    equal(sizes, [2, 2, 1])
    second = twilio.messages.page(to=ANNA, page_size=2).next_page()
    equal([text.sid for text in second.previous_page()], newest_first[:2])


def messages_are_filtered_by_recipient_sender_and_date():
    to_anna, to_ben = delivered(send(ANNA)), delivered(send(BEN))
    equal([text.sid for text in twilio.messages.list(to=BEN)], [to_ben.sid])
    equal({text.sid for text in twilio.messages.list(from_=FROM)}, {to_anna.sid, to_ben.sid})
    equal(twilio.messages.list(from_=ANNA), [])
    day = timedelta(days=1)
    equal([text.sid for text in twilio.messages.list(to=BEN, date_sent=to_ben.date_sent)], [to_ben.sid])
    equal([text.sid for text in twilio.messages.list(to=BEN, date_sent_after=to_ben.date_sent - day)], [to_ben.sid])
    equal(twilio.messages.list(to=BEN, date_sent_after=to_ben.date_sent + day), [])
    equal([text.sid for text in twilio.messages.list(to=BEN, date_sent_before=to_ben.date_sent + day)], [to_ben.sid])
    equal(twilio.messages.list(to=BEN, date_sent_before=to_ben.date_sent - day), [])


def schedule(minutes, **rest):
    at = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    sender = {"messaging_service_sid": SERVICE} | rest
    return twilio.messages.create(to=ANNA, body="Later", schedule_type="fixed", send_at=at, **sender)


def a_scheduled_text_can_be_cancelled_once():
    waiting = schedule(60 * 24)
    equal((waiting.status, waiting.num_segments, waiting.date_sent), ("scheduled", "0", None))
    equal(twilio.messages(waiting.sid).update(status="canceled").status, "canceled")
    equal(twilio.messages(waiting.sid).fetch().status, "canceled")
    gone = delivered(send())
    error = refused(30409, (400, 409), lambda: twilio.messages(gone.sid).update(status="canceled"))
    assert error.method == "POST"


def a_schedule_is_refused_without_a_service_and_out_of_range():
    refused(35118, 400, lambda: schedule(60 * 24, messaging_service_sid=None, from_=FROM))
    for minutes in (1, 60 * 24 * 40):
        try:
            schedule(minutes)
        except TwilioRestException as error:
            assert error.code in (35114, 35115, 35117), error.code
        else:
            raise AssertionError(f"{minutes} minutes were accepted")


def a_delivered_text_can_be_redacted_and_deleted():
    text = delivered(send())
    equal(twilio.messages(text.sid).update(body="").body, "")
    equal(twilio.messages(text.sid).fetch().body, "")
    equal(twilio.messages(text.sid).delete(), True)
    refused(20404, 404, lambda: twilio.messages(text.sid).fetch())
    equal(twilio.messages.list(to=ANNA), [])


def a_code_read_from_the_phone_approves_a_check():
    started = start()
    assert re.fullmatch(r"VE[0-9a-f]{32}", started.sid), started.sid
    equal((started.status, started.valid, started.to, started.channel), ("pending", False, ANNA, "sms"))
    equal((started.service_sid, started.account_sid), (VERIFY, ACCOUNT))
    equal([attempt["channel"].lower() for attempt in started.send_code_attempts], ["sms"])
    code = code_on()
    assert re.fullmatch(r"\d{6}", code), code
    missed = check(wrong(code))
    equal((missed.sid, missed.status, missed.valid), (started.sid, "pending", False))
    approved = check(code)
    equal((approved.sid, approved.status, approved.valid), (started.sid, "approved", True))
    refused(20404, 404, lambda: check(code))
    refused(20404, 404, lambda: verify.verifications(started.sid).fetch())


def a_resend_keeps_the_check_and_its_code():
    first = start()
    code = code_on()
    second, third = start(), start(channel="call")
    equal((second.sid, third.sid), (first.sid, first.sid))
    equal(second.date_created, first.date_created)
    equal([attempt["channel"].lower() for attempt in third.send_code_attempts], ["sms", "sms", "call"])
    equal({message["code"] for message in phone(ANNA)}, {code})
    by_sid = verify.verification_checks.create(verification_sid=first.sid, code=code)
    equal(by_sid.status, "approved")
    assert start().sid != first.sid, "a new check after approval"


def every_channel_reaches_the_phone():
    for address, channel in ((ANNA, "sms"), (BEN, "call"), ("+14155550128", "whatsapp"), ("anna@example.com", "email")):
        started = start(address, channel)
        equal((started.channel, started.to), (channel, address))
        shown = phone(address)[-1]
        equal(shown["kind"], channel)
        equal(check(shown["code"], address).status, "approved")


def the_sixth_check_is_refused():
    start()
    code = code_on()
    for _ in range(5):
        equal(check(wrong(code)).status, "pending")
    refused(60202, 429, lambda: check(code))


def the_sixth_send_is_refused():
    for _ in range(5):
        start()
    refused(60203, 429, start)
    equal(check(code_on()).status, "approved")


def a_check_is_found_by_sid_and_by_number_and_can_be_cancelled():
    started = start()
    code = code_on()
    equal(verify.verifications(started.sid).fetch().status, "pending")
    equal(verify.verifications(ANNA).fetch().to, ANNA)
    equal(verify.verifications(ANNA).update(status="canceled").status, "canceled")
    equal(verify.verifications(started.sid).fetch().status, "canceled")
    refused(20404, 404, lambda: check(code))
    assert start().sid != started.sid, "a new check after cancelling"


def attempts_are_listed_filtered_and_summed_up():
    first = start()
    start()
    start(BEN, "call")
    equal(check(code_on()).status, "approved")
    attempts = twilio.verify.v2.verification_attempts
    mine = attempts.list(verification_sid=first.sid, page_size=1)
    equal(len(mine), 2)
    equal({attempt.channel for attempt in mine}, {"sms"})
    equal({attempt.verification_sid for attempt in mine}, {first.sid})
    equal(len(attempts.list(verify_service_sid=VERIFY)), 3)
    equal([attempt.channel for attempt in attempts.list(channel_data_to=BEN)], ["call"])
    equal(len(attempts.list(channel="call")), 1)
    one = attempts(mine[0].sid).fetch()
    equal((one.sid, one.service_sid, one.channel_data["to"]), (mine[0].sid, VERIFY, ANNA))
    converted = attempts.list(status="converted")
    assert {attempt.verification_sid for attempt in converted} == {first.sid}
    summary = twilio.verify.v2.verification_attempts_summary().fetch(verify_service_sid=VERIFY)
    equal(summary.total_attempts, 3)
    equal(summary.total_converted + summary.total_unconverted, 3)
    equal(summary.total_converted, len(converted))
    share = Decimal(summary.conversion_rate_percentage)
    assert abs(share - Decimal(100 * len(converted)) / 3) < Decimal("0.01"), share


def a_number_can_be_looked_up_valid_or_not():
    numbers = twilio.lookups.v2
    basic = numbers.phone_numbers(ANNA).fetch()
    equal((basic.valid, basic.phone_number, basic.country_code), (True, ANNA, "US"))
    equal((basic.calling_country_code, basic.national_format), ("1", "(415) 555-0123"))
    assert not basic.validation_errors
    typed = numbers.phone_numbers(ANNA).fetch(fields="line_type_intelligence")
    line = typed.line_type_intelligence
    line = line if isinstance(line, dict) else vars(line)
    equal((line["type"], line["error_code"]), ("mobile", None))
    national = numbers.phone_numbers("(415) 555-0123").fetch(country_code="US")
    equal(national.phone_number, ANNA)
    short = numbers.phone_numbers("+1415").fetch()
    equal((short.valid, [str(error) for error in short.validation_errors]), (False, ["TOO_SHORT"]))


def account_and_balance_can_be_read():
    account = twilio.api.accounts(ACCOUNT).fetch()
    equal((account.sid, account.status, account.owner_account_sid), (ACCOUNT, "active", ACCOUNT))
    assert account.friendly_name and account.type in ("Full", "Trial")
    balance = twilio.balance.fetch()
    equal((balance.account_sid, balance.currency), (ACCOUNT, "USD"))
    Decimal(balance.balance)


def numbers_and_services_are_listed():
    owned = twilio.incoming_phone_numbers.list()
    sender = next(number for number in owned if number.phone_number == FROM)
    equal(sender.capabilities["sms"], True)
    equal([number.sid for number in twilio.incoming_phone_numbers.list(phone_number=FROM)], [sender.sid])
    equal(len(twilio.incoming_phone_numbers.list(page_size=1)), len(owned))
    services = twilio.messaging.v1.services.list(page_size=1)
    assert SERVICE in [service.sid for service in services]
    pool = twilio.messaging.v1.services(SERVICE).phone_numbers.list()
    pooled = next(number for number in pool if number.phone_number == FROM)
    assert "SMS" in pooled.capabilities
    checks = twilio.verify.v2.services.list(page_size=1)
    equal([service.code_length for service in checks if service.sid == VERIFY], [6])
    equal(twilio.messaging.v1.services(SERVICE).fetch().sid, SERVICE)
    equal(twilio.verify.v2.services(VERIFY).fetch().sid, VERIFY)


def magic_recipients_and_senders_fail_as_documented():
    to = {1: 21211, 2: 21612, 3: 21408, 4: 21610, 9: 21614}
    for digit, code in to.items():
        refused(code, 400, lambda: send(f"+1500555000{digit}"))
    for digit, code in {1: 21212, 7: 21606}.items():
        refused(code, 400, lambda: send(from_=f"+1500555000{digit}"))
    refused(21611, 429, lambda: send(from_="+15005550008"))
    equal(send(from_="+15005550006").status, "queued")


def what_cannot_be_sent_is_refused_with_its_code():
    refused(21211, 400, lambda: send("+1"))
    refused(21617, 400, lambda: send(body="x" * 1601))
    equal(send(body="x" * 1600).num_segments, "11")
    refused(21604, 400, lambda: send(to=""))
    refused(60200, 400, lambda: start("+1"))
    refused(60200, 400, lambda: start(channel="pigeon"))
    refused(60200, 400, lambda: check("12"))


def what_is_not_there_is_not_found():
    nothing = "0" * 32
    error = refused(20404, 404, lambda: twilio.messages("SM" + nothing).fetch())
    assert "not found" in error.msg, error.msg
    refused(20404, 404, lambda: verify.verifications("VE" + nothing).fetch())
    refused(20404, 404, lambda: check("123456", BEN))
    refused(20404, 404, lambda: twilio.verify.v2.services("VA" + nothing).verifications.create(to=ANNA, channel="sms"))
    refused(20404, 404, lambda: twilio.conferences("CF" + nothing).fetch())


def wrong_keys_are_refused():
    for username, password in ((ACCOUNT, "x" * 32), (SIM["api_key"], "x" * 32), ("SK" + "0" * 32, SIM["api_secret"])):
        stranger = client(username, password)
        refused(20003, 401, lambda: stranger.balance.fetch())
        refused(20003, 401, lambda: stranger.verify.v2.services(VERIFY).verifications.create(to=ANNA, channel="sms"))
    equal(phone(ANNA), [])


def a_standard_key_does_all_but_read_the_account():
    keyed = client(SIM["api_key"], SIM["api_secret"])
    sent = keyed.messages.create(to=ANNA, from_=FROM, body="Hello")
    equal([text.sid for text in keyed.messages.list()], [sent.sid])
    equal(keyed.verify.v2.services(VERIFY).verifications.create(to=ANNA, channel="sms").status, "pending")
    assert keyed.incoming_phone_numbers.list(limit=1)
    try:
        keyed.api.accounts(ACCOUNT).fetch()
    except TwilioRestException as error:
        assert error.status in (401, 403), error.status
    else:
        raise AssertionError("a standard key read the account")


globals()[sys.argv[1]]()
