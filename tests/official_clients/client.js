// One scenario of the official Node library against the simulator: node client.js SCENARIO.
//
// The library is used as it is. Only its HTTP client is told to go to the simulator's origin instead of
// https://*.twilio.com. The simulator's first line comes in TUILIO_SIMULATOR, the library by NODE_PATH.
"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const twilioLibrary = require("twilio");

const SIM = JSON.parse(process.env.TUILIO_SIMULATOR);
const { url: ORIGIN, account_sid: ACCOUNT, from_number: FROM } = SIM;
const { messaging_service_sid: SERVICE, verify_service_sid: VERIFY } = SIM;
const ANNA = "+14155550123";
const BEN = "+14155550127";
const DAY = 24 * 60 * 60 * 1000;
const equal = assert.deepEqual;

class Redirect extends twilioLibrary.RequestClient {
  request(options) {
    return super.request({ ...options, uri: options.uri.replace(/^https:\/\/[a-z.-]+\.twilio\.com/, ORIGIN) });
  }
}

function client(username = ACCOUNT, password = SIM.auth_token) {
  return twilioLibrary(username, password, { accountSid: ACCOUNT, httpClient: new Redirect() });
}

const twilio = client();
const verify = twilio.verify.v2.services(VERIFY);

/** For some codes no page of Twilio's says which HTTP status they come with. */
async function refused(code, statuses, act) {
  let error;
  try {
    await act();
  } catch (caught) {
    error = caught;
  }
  assert(error, `not refused with ${code}`);
  assert(error instanceof twilioLibrary.RestException, String(error));
  equal(error.code, code);
  assert([statuses].flat().includes(error.status), String(error.status));
  assert(error.message, "an error has a message");
  assert(error.moreInfo.endsWith(`/${code}`), error.moreInfo);
  return error;
}

/** The first thing seen that meets the condition. */
async function until(look, condition) {
  const end = Date.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (condition(seen)) return seen;
    assert(Date.now() < end, `still ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const send = (to = ANNA, more = {}) =>
  twilio.messages.create({ to, from: FROM, body: "Your order is ready.", ...more });
const delivered = ({ sid }) => until(() => twilio.messages(sid).fetch(), (seen) => seen.status === "delivered");

function phone(address) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${ORIGIN}/simulator/phones/${address}`, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve(JSON.parse(Buffer.concat(parts).toString("utf8"))));
    });
    request.on("error", reject);
  });
}

const start = (to = ANNA, channel = "sms") => verify.verifications.create({ to, channel });
const check = (code, to = ANNA) => verify.verificationChecks.create({ to, code });
const codeOn = async (address = ANNA) => (await phone(address)).at(-1).code;
const wrong = (code) => [...code].map((digit) => (Number(digit) + 1) % 10).join("");
const sids = (list) => list.map(({ sid }) => sid);

const schedule = (minutes, sender = { messagingServiceSid: SERVICE }) =>
  twilio.messages.create({
    to: ANNA,
    body: "Later",
    scheduleType: "fixed",
    sendAt: new Date(Date.now() + minutes * 60_000),
    ...sender,
  });

const scenarios = {
  async a_text_from_a_number_is_queued_and_can_be_fetched() {
    const sent = await send();
    assert.match(sent.sid, /^SM[0-9a-f]{32}$/);
    equal([sent.status, sent.direction, sent.from, sent.to], ["queued", "outbound-api", FROM, ANNA]);
    equal([sent.numSegments, sent.numMedia, sent.accountSid], ["1", "0", ACCOUNT]);
    equal([sent.price, sent.errorCode, sent.dateSent, sent.messagingServiceSid], [null, null, null, null]);
    assert(sent.dateCreated instanceof Date && !Number.isNaN(sent.dateCreated.valueOf()));
    equal(sent.uri, `/2010-04-01/Accounts/${ACCOUNT}/Messages/${sent.sid}.json`);
    const fetched = await twilio.messages(sent.sid).fetch();
    equal([fetched.sid, fetched.body, fetched.dateCreated], [sent.sid, sent.body, sent.dateCreated]);
  },

  async a_text_through_a_service_gets_a_sender_and_arrives() {
    const sent = await send(ANNA, { from: undefined, messagingServiceSid: SERVICE });
    equal([sent.status, sent.from, sent.messagingServiceSid], ["accepted", null, SERVICE]);
    equal(sent.numSegments, "0");
    const there = await delivered(sent);
    equal([there.from, there.numSegments, there.errorCode], [FROM, "1", null]);
    assert(there.dateSent instanceof Date);
    const priced = await until(() => twilio.messages(sent.sid).fetch(), (seen) => seen.price !== null);
    assert(Number(priced.price) < 0, priced.price);
    equal(priced.priceUnit.toUpperCase(), "USD");
  },

  async what_arrives_shows_on_the_phone_byte_for_byte() {
    equal(await phone(BEN), []);
    const body = '50 % off & 1+1=2; "tea" für dich?\nÄ € 👍🏽 #~/\\';
    await delivered(await send(BEN, { body }));
    const shown = await phone(encodeURIComponent(BEN));
    equal(shown.map((text) => [text.kind, text.from, text.body, text.code]), [["sms", FROM, body, null]]);
  },

  async messages_are_listed_newest_first_in_pages() {
    const newestFirst = [];
    for (let n = 0; n < 5; n++) newestFirst.unshift((await send(ANNA, { body: `Text ${n}` })).sid);
    equal(sids(await twilio.messages.list({ to: ANNA, pageSize: 2 })), newestFirst);
    equal(sids(await twilio.messages.list({ to: ANNA, limit: 3, pageSize: 2 })), newestFirst.slice(0, 3));
    const sizes = [];
    for (let page = await twilio.messages.page({ to: ANNA, pageSize: 2 }); page; page = await page.nextPage())
      sizes.push(page.instances.length);
    equal(sizes, [2, 2, 1]);
    const second = await (await twilio.messages.page({ to: ANNA, pageSize: 2 })).nextPage();
    equal(sids((await second.previousPage()).instances), newestFirst.slice(0, 2));
  },

  async messages_are_filtered_by_recipient_sender_and_date() {
    const toAnna = await delivered(await send(ANNA));
    const toBen = await delivered(await send(BEN));
    const found = async (filter) => sids(await twilio.messages.list(filter));
    equal(await found({ to: BEN }), [toBen.sid]);
    equal((await found({ from: FROM })).sort(), [toAnna.sid, toBen.sid].sort());
    equal(await found({ from: ANNA }), []);
    const before = new Date(toBen.dateSent.valueOf() - DAY);
    const after = new Date(toBen.dateSent.valueOf() + DAY);
    equal(await found({ to: BEN, dateSent: toBen.dateSent }), [toBen.sid]);
    equal(await found({ to: BEN, dateSentAfter: before }), [toBen.sid]);
    equal(await found({ to: BEN, dateSentAfter: after }), []);
    equal(await found({ to: BEN, dateSentBefore: after }), [toBen.sid]);
    equal(await found({ to: BEN, dateSentBefore: before }), []);
  },

  async a_scheduled_text_can_be_cancelled_once() {
    const waiting = await schedule(60 * 24);
    equal([waiting.status, waiting.numSegments, waiting.dateSent], ["scheduled", "0", null]);
    equal((await twilio.messages(waiting.sid).update({ status: "canceled" })).status, "canceled");
    equal((await twilio.messages(waiting.sid).fetch()).status, "canceled");
    const gone = await delivered(await send());
    await refused(30409, [400, 409], () => twilio.messages(gone.sid).update({ status: "canceled" }));
  },

  async a_schedule_is_refused_without_a_service_and_out_of_range() {
    await refused(35118, 400, () => schedule(60 * 24, { from: FROM }));
    for (const minutes of [1, 60 * 24 * 40])
      await assert.rejects(
        () => schedule(minutes),
        (error) => [35114, 35115, 35117].includes(error.code),
      );
  },

  async a_delivered_text_can_be_redacted_and_deleted() {
    const text = await delivered(await send());
    equal((await twilio.messages(text.sid).update({ body: "" })).body, "");
    equal((await twilio.messages(text.sid).fetch()).body, "");
    equal(await twilio.messages(text.sid).remove(), true);
    await refused(20404, 404, () => twilio.messages(text.sid).fetch());
    equal(await twilio.messages.list({ to: ANNA }), []);
  },

  async a_code_read_from_the_phone_approves_a_check() {
    const started = await start();
    assert.match(started.sid, /^VE[0-9a-f]{32}$/);
    equal([started.status, started.valid, started.to, started.channel], ["pending", false, ANNA, "sms"]);
    equal([started.serviceSid, started.accountSid], [VERIFY, ACCOUNT]);
    equal(started.sendCodeAttempts.map((attempt) => attempt.channel.toLowerCase()), ["sms"]);
    const code = await codeOn();
    assert.match(code, /^\d{6}$/);
    const missed = await check(wrong(code));
    equal([missed.sid, missed.status, missed.valid], [started.sid, "pending", false]);
    const approved = await check(code);
    equal([approved.sid, approved.status, approved.valid], [started.sid, "approved", true]);
    await refused(20404, 404, () => check(code));
    await refused(20404, 404, () => verify.verifications(started.sid).fetch());
  },

  async a_resend_keeps_the_check_and_its_code() {
    const first = await start();
    const code = await codeOn();
    const second = await start();
    const third = await start(ANNA, "call");
    equal([second.sid, third.sid], [first.sid, first.sid]);
    equal(second.dateCreated, first.dateCreated);
    equal(third.sendCodeAttempts.map((attempt) => attempt.channel.toLowerCase()), ["sms", "sms", "call"]);
    equal((await phone(ANNA)).map((message) => message.code), [code, code, code]);
    equal((await verify.verificationChecks.create({ verificationSid: first.sid, code })).status, "approved");
    assert.notEqual((await start()).sid, first.sid);
  },

  async every_channel_reaches_the_phone() {
    const ways = [[ANNA, "sms"], [BEN, "call"], ["+14155550128", "whatsapp"], ["anna@example.com", "email"]];
    for (const [address, channel] of ways) {
      const started = await start(address, channel);
      equal([started.channel, started.to], [channel, address]);
      const shown = (await phone(address)).at(-1);
      equal(shown.kind, channel);
      equal((await check(shown.code, address)).status, "approved");
    }
  },

  async the_sixth_check_is_refused() {
    await start();
    const code = await codeOn();
    for (let n = 0; n < 5; n++) equal((await check(wrong(code))).status, "pending");
    await refused(60202, 429, () => check(code));
  },

  async the_sixth_send_is_refused() {
    for (let n = 0; n < 5; n++) await start();
    await refused(60203, 429, () => start());
    equal((await check(await codeOn())).status, "approved");
  },

  async a_check_is_found_by_sid_and_by_number_and_can_be_cancelled() {
    const started = await start();
    const code = await codeOn();
    equal((await verify.verifications(started.sid).fetch()).status, "pending");
    equal((await verify.verifications(ANNA).fetch()).to, ANNA);
    equal((await verify.verifications(ANNA).update({ status: "canceled" })).status, "canceled");
    equal((await verify.verifications(started.sid).fetch()).status, "canceled");
    await refused(20404, 404, () => check(code));
    assert.notEqual((await start()).sid, started.sid);
  },

  async attempts_are_listed_filtered_and_summed_up() {
    const first = await start();
    await start();
    await start(BEN, "call");
    equal((await check(await codeOn())).status, "approved");
    const attempts = twilio.verify.v2.verificationAttempts;
    const mine = await attempts.list({ verificationSid: first.sid, pageSize: 1 });
    equal(mine.map((attempt) => [attempt.channel, attempt.verificationSid]), Array(2).fill(["sms", first.sid]));
    equal((await attempts.list({ verifyServiceSid: VERIFY })).length, 3);
    equal((await attempts.list({ "channelData.to": BEN })).map((attempt) => attempt.channel), ["call"]);
    equal((await attempts.list({ channel: "call" })).length, 1);
    const one = await attempts(mine[0].sid).fetch();
    equal([one.sid, one.serviceSid, one.channelData.to], [mine[0].sid, VERIFY, ANNA]);
    const converted = await attempts.list({ status: "converted" });
    assert(converted.length > 0 && converted.every((attempt) => attempt.verificationSid === first.sid));
    const summary = await twilio.verify.v2.verificationAttemptsSummary().fetch({ verifyServiceSid: VERIFY });
    equal([summary.totalAttempts, summary.totalConverted], [3, converted.length]);
    equal(summary.totalUnconverted, 3 - converted.length);
    assert(Math.abs(Number(summary.conversionRatePercentage) - (100 * converted.length) / 3) < 0.01);
  },

  async a_number_can_be_looked_up_valid_or_not() {
    const { phoneNumbers } = twilio.lookups.v2;
    const basic = await phoneNumbers(ANNA).fetch();
    equal([basic.valid, basic.phoneNumber, basic.countryCode], [true, ANNA, "US"]);
    equal([basic.callingCountryCode, basic.nationalFormat], ["1", "(415) 555-0123"]);
    equal(basic.validationErrors ?? [], []);
    const { lineTypeIntelligence } = await phoneNumbers(ANNA).fetch({ fields: "line_type_intelligence" });
    equal([lineTypeIntelligence.type, lineTypeIntelligence.errorCode], ["mobile", null]);
    equal((await phoneNumbers("(415) 555-0123").fetch({ countryCode: "US" })).phoneNumber, ANNA);
    const short = await phoneNumbers("+1415").fetch();
    equal([short.valid, short.validationErrors], [false, ["TOO_SHORT"]]);
  },

  async account_and_balance_can_be_read() {
    const account = await twilio.api.v2010.accounts(ACCOUNT).fetch();
    equal([account.sid, account.status, account.ownerAccountSid], [ACCOUNT, "active", ACCOUNT]);
    assert(account.friendlyName && ["Full", "Trial"].includes(account.type));
    const balance = await twilio.balance.fetch();
    equal([balance.accountSid, balance.currency], [ACCOUNT, "USD"]);
    assert(typeof balance.balance === "string" && Number.isFinite(Number(balance.balance)));
  },

  async numbers_and_services_are_listed() {
    const owned = await twilio.incomingPhoneNumbers.list();
    const sender = owned.find((number) => number.phoneNumber === FROM);
    equal(sender.capabilities.sms, true);
    equal(sids(await twilio.incomingPhoneNumbers.list({ phoneNumber: FROM })), [sender.sid]);
    equal(sids(await twilio.incomingPhoneNumbers.list({ pageSize: 1 })), sids(owned));
    assert(sids(await twilio.messaging.v1.services.list({ pageSize: 1 })).includes(SERVICE));
    const pool = await twilio.messaging.v1.services(SERVICE).phoneNumbers.list();
    assert(pool.find((number) => number.phoneNumber === FROM).capabilities.includes("SMS"));
    const checks = await twilio.verify.v2.services.list({ pageSize: 1 });
    equal(checks.find(({ sid }) => sid === VERIFY).codeLength, 6);
    equal((await twilio.messaging.v1.services(SERVICE).fetch()).sid, SERVICE);
    equal((await twilio.verify.v2.services(VERIFY).fetch()).sid, VERIFY);
  },

  async magic_recipients_and_senders_fail_as_documented() {
    const recipients = { 1: 21211, 2: 21612, 3: 21408, 4: 21610, 9: 21614 };
    for (const [digit, code] of Object.entries(recipients)) await refused(code, 400, () => send(`+1500555000${digit}`));
    const senders = { 1: [21212, 400], 7: [21606, 400], 8: [21611, 429] };
    for (const [digit, [code, status]] of Object.entries(senders))
      await refused(code, status, () => send(ANNA, { from: `+1500555000${digit}` }));
    equal((await send(ANNA, { from: "+15005550006" })).status, "queued");
  },

  async what_cannot_be_sent_is_refused_with_its_code() {
    await refused(21211, 400, () => send("+1"));
    await refused(21617, 400, () => send(ANNA, { body: "x".repeat(1601) }));
    equal((await send(ANNA, { body: "x".repeat(1600) })).numSegments, "11");
    await refused(21604, 400, () => send(""));
    await refused(60200, 400, () => start("+1"));
    await refused(60200, 400, () => start(ANNA, "pigeon"));
    await refused(60200, 400, () => check("12"));
  },

  async what_is_not_there_is_not_found() {
    const nothing = "0".repeat(32);
    const error = await refused(20404, 404, () => twilio.messages(`SM${nothing}`).fetch());
    assert.match(error.message, /not found/);
    await refused(20404, 404, () => verify.verifications(`VE${nothing}`).fetch());
    await refused(20404, 404, () => check("123456", BEN));
    const missing = twilio.verify.v2.services(`VA${nothing}`);
    await refused(20404, 404, () => missing.verifications.create({ to: ANNA, channel: "sms" }));
    await refused(20404, 404, () => twilio.conferences(`CF${nothing}`).fetch());
  },

  async wrong_keys_are_refused() {
    const x = "x".repeat(32);
    for (const [username, password] of [[ACCOUNT, x], [SIM.api_key, x], [`SK${"0".repeat(32)}`, SIM.api_secret]]) {
      const stranger = client(username, password);
      await refused(20003, 401, () => stranger.balance.fetch());
      const checks = stranger.verify.v2.services(VERIFY).verifications;
      await refused(20003, 401, () => checks.create({ to: ANNA, channel: "sms" }));
    }
    equal(await phone(ANNA), []);
  },

  async a_standard_key_does_all_but_read_the_account() {
    const keyed = client(SIM.api_key, SIM.api_secret);
    const sent = await keyed.messages.create({ to: ANNA, from: FROM, body: "Hello" });
    equal(sids(await keyed.messages.list()), [sent.sid]);
    const started = await keyed.verify.v2.services(VERIFY).verifications.create({ to: ANNA, channel: "sms" });
    equal(started.status, "pending");
    assert((await keyed.incomingPhoneNumbers.list({ limit: 1 })).length > 0);
    await assert.rejects(
      () => keyed.api.v2010.accounts(ACCOUNT).fetch(),
      (error) => [401, 403].includes(error.status),
    );
  },
};

scenarios[process.argv[2]]().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
