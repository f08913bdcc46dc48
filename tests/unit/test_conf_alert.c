/* SPDX-License-Identifier: MIT
 * core/config/conf_alert*.c: who is told, and every mistake with its line and the nearest name. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "config/conf_alert.h"
#include "config/conf_load.h"

static char dir[64];
static struct conf_report report;
static struct conf *conf;

static void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fwrite(text, 1, strlen(text), f), strlen(text));
    ck_assert_int_eq(fclose(f), 0);
    ck_assert_int_eq(chmod(path, 0600), 0);
}

static void begin(void)
{
    struct koppel_error err = {0};
    ck_assert_int_eq(secret_start(&err), 0);
    snprintf(dir, sizeof dir, "/tmp/koppel-alert-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    put("secret.key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
    put("koppel.conf", "home = { country = \"DE\"; zone = \"Europe/Berlin\"; };\n");
    setenv("HOOK_SECRET", "whsec_c2VjcmV0", 1);
    setenv("HOOK_URL", "https://hook.example/T1/secret-part", 1);
}

static void end(void)
{
    static const char *const files[] = {"/secret.key", "/koppel.conf", "/alerts.conf", ""};
    char path[128];
    conf_free(conf);
    conf = NULL;
    conf_report_done(&report);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s%s", dir, files[i]);
        (void)remove(path);
    }
}

static const struct conf_alert *load(const char *text)
{
    if (text)
        put("alerts.conf", text);
    conf_report_done(&report);
    conf_free(conf);
    conf = conf_load(dir, NULL, NULL, &report);
    return conf ? conf->alert : NULL;
}

static void expect(int line, const char *text)
{
    for (int i = 0; i < report.count; i++) {
        const struct conf_mistake *m = &report.items[i];
        if (m->line == line && strstr(m->text, text) && strstr(m->file, "/alerts.conf"))
            return;
    }
    conf_report_print(&report, true);
    ck_abort_msg("not reported: %d: %s", line, text);
}

START_TEST(without_the_file_every_rule_is_on_and_nobody_is_told)
{
    const struct conf_alert *a = load(NULL);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(a->channel_count, 0);
    ck_assert_str_eq(a->language, "de");
    ck_assert_str_eq(a->zone, "Europe/Berlin");
    ck_assert_int_eq(a->digest_minute, 480);
    ck_assert_int_eq(a->weekly_day, 1);
    ck_assert(!a->personal && !a->heartbeat);
    for (int i = 0; i < CONF_ALERT_RULES; i++) {
        ck_assert(a->rules[i].on);
        ck_assert_int_eq(conf_alert_rule_find(conf_alert_rule_name(i)), i);
    }
    ck_assert_int_eq(a->rules[CONF_ALERT_DOWN].threshold, 300000);
    ck_assert(a->rules[CONF_ALERT_LOGIN].critical && !a->rules[CONF_ALERT_PARKED].critical);
}
END_TEST

START_TEST(channels_and_rules_are_as_the_file_says)
{
    const struct conf_alert *a = load(
        "name = \"shop\"; language = \"nl\"; personal = true; digest = \"07:30\";\n"
        "weekly = \"never\"; heartbeat = { url = \"env:HOOK_URL\"; every = \"30s\"; };\n"
        "channels = (\n"
        " { name = \"office\"; type = \"mail\"; url = \"smtp://localhost:25\"; from = \"k@x.nl\";\n"
        "   to = \"a@x.nl\"; quiet = { days = [ \"friday\", \"sunday\" ]; zone = \"UTC\"; }; },\n"
        " { name = \"hook\"; type = \"webhook\"; url = \"env:HOOK_URL\";\n"
        "   secret = \"env:HOOK_SECRET\"; },\n"
        " { name = \"phone\"; type = \"ntfy\"; url = \"http://127.0.0.1:9\"; topic = \"t\"; }\n"
        ");\n"
        "rules = ( { rule = \"flow.silent\"; after = \"2h\"; severity = \"warning\";\n"
        "   channels = [ \"phone\" ]; }, { rule = \"records.parked\"; on = false; } );\n");
    if (!a)
        conf_report_print(&report, true);
    ck_assert_ptr_nonnull(a);
    ck_assert_str_eq(a->heartbeat, "https://hook.example/T1/secret-part");
    ck_assert_int_eq(a->heartbeat_ms, 30000);
    ck_assert_int_eq(a->weekly_day, CONF_ALERT_NO_DAY);
    ck_assert_int_eq(a->digest_minute, 450);
    ck_assert(a->personal && a->channel_count == 3);
    const struct conf_alert_channel *mail = &a->channels[0];
    ck_assert(mail->quiet.set && mail->quiet.from == 1320 && mail->quiet.until == 420);
    ck_assert_uint_eq(mail->quiet.days, 1u << 5 | 1u);
    ck_assert_str_eq(mail->quiet.zone, "UTC");
    ck_assert_str_eq(mail->to[0], "a@x.nl");
    ck_assert_str_eq(secret_text(a->channels[1].secret), "whsec_c2VjcmV0");
    const struct conf_alert_rule *silent = &a->rules[CONF_ALERT_SILENT];
    ck_assert(silent->on && !silent->critical && silent->threshold == 7200000);
    ck_assert(conf_alert_tells(a, CONF_ALERT_SILENT, &a->channels[2]));
    ck_assert(!conf_alert_tells(a, CONF_ALERT_SILENT, mail));
    ck_assert(conf_alert_tells(a, CONF_ALERT_DOWN, mail));
    ck_assert(!a->rules[CONF_ALERT_PARKED].on);
}
END_TEST

START_TEST(every_mistake_has_its_line_and_what_was_meant)
{
    ck_assert_ptr_null(load(
        "digets = \"08:00\";\n"
        "weekly = \"mondya\";\n"
        "digest = \"8\";\n"
        "heartbeat = { url = \"ftp://x\"; };\n"
        "channels = (\n"
        " { name = \"office\"; type = \"mial\"; },\n"
        " { name = \"a\"; type = \"mail\"; url = \"mail.example.org\"; from = \"nobody\";\n"
        "   to = [ ]; },\n"
        " { name = \"b\"; type = \"webhook\"; url = \"http://example.org\";\n"
        "   secret = \"in the file\"; },\n"
        " { name = \"phone\"; type = \"ntfy\"; url = \"https://n.example\"; tpoic = \"t\"; },\n"
        " { name = \"phone\"; type = \"ntfy\"; url = \"https://n.example\"; topic = \"t\";\n"
        "   quiet = { from = \"07:00\"; until = \"07:00\"; days = [ \"fryday\" ]; }; }\n"
        ");\n"
        "rules = (\n"
        " { rule = \"flow.silnet\"; },\n"
        " { rule = \"flow.silent\"; after = \"soon\"; },\n"
        " { rule = \"flow.halted\"; after = \"1h\"; },\n"
        " { rule = \"records.parked\"; severity = \"crtical\"; channels = [ \"pohne\" ]; },\n"
        " { on = false; },\n"
        " { rule = \"records.parked\"; }\n"
        ");\n"));
    expect(1, "did you mean \"digest\"?");
    expect(2, "did you mean \"monday\"?");
    expect(3, "\"digest\" must be a time of day");
    expect(4, "\"url\"");
    expect(6, "did you mean \"mail\"?");
    expect(7, "must be smtps://HOST");
    expect(7, "\"nobody\" is no e-mail address");
    expect(8, "\"to\" must name an address");
    expect(9, "must begin with https://");
    expect(10, "secret \"secret\" must be \"env:NAME\"");
    expect(11, "did you mean \"topic\"?");
    expect(12, "two channels \"phone\"");
    expect(13, "it would never be quiet");
    expect(13, "did you mean \"friday\"?");
    expect(16, "did you mean \"flow.silent\"?");
    expect(17, "\"after\"");
    expect(18, "\"after\"");
    expect(19, "did you mean \"critical\"?");
    expect(19, "did you mean \"phone\"?");
    expect(20, "\"rule\" is missing");
    expect(21, "a second time");
}
END_TEST

/* A configuration with mistakes is told by those whom a sound alerts.conf names. */
START_TEST(it_is_known_where_the_rest_has_mistakes)
{
    put("alerts.conf", "channels = ( { name = \"phone\"; type = \"ntfy\"; url = "
                       "\"https://n.example\"; topic = \"t\"; } );\n");
    put("koppel.conf", "wrokers = 3;\n");
    ck_assert_ptr_null(load(NULL));
    conf = conf_load_names(dir, &report);
    ck_assert_ptr_nonnull(conf);
    ck_assert_int_eq(conf->alert->channel_count, 1);
    conf_free(conf);
    put("alerts.conf", "digest = 8;\nchannels = ( { name = \"a\"; type = \"nfty\"; }, { name = "
                       "\"phone\"; type = \"ntfy\"; url = \"https://n.example\"; topic = \"t\"; },"
                       " { name = \"b\"; type = \"ntfy\"; url = \"https://n.example\"; topic = "
                       "\"env:NOT_SET\"; } );\n");
    conf = conf_load_names(dir, &report);
    ck_assert_ptr_nonnull(conf);
    ck_assert_int_eq(conf->alert->channel_count, 1); /* what is sound of it */
    ck_assert_str_eq(conf->alert->channels[0].name, "phone");
}
END_TEST

UNIT_MAIN("conf_alert")
{
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, without_the_file_every_rule_is_on_and_nobody_is_told);
    tcase_add_test(t, channels_and_rules_are_as_the_file_says);
    tcase_add_test(t, every_mistake_has_its_line_and_what_was_meant);
    tcase_add_test(t, it_is_known_where_the_rest_has_mistakes);
}
