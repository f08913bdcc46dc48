/* SPDX-License-Identifier: MIT
 * The grammar of configuration files: what is said of each slip and where, that nothing of a value
 * is shown, and that it takes what libconfig takes. */
#include "config/conf_syntax.h"

#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_source.h"
#include "config/conf_token.h"
#include "unit.h"

static struct conf_report report;
static struct conf_held *held;

/* 0: the text keeps to the grammar; what it says else is in the report. */
static int check(const char *text)
{
    struct conf_source_text texts[] = {{"/c/x.conf", text, strlen(text)},
                                       {"/c/open.inc", "z = \"b;\n", 8},
                                       {"/c/round.inc", "@include \"x.conf\"\n", 17},
                                       {"/c/good.inc", "k = 1;\nj = 2;", 13},
                                       {"/c/bad.inc", "k = 1;\nj = ;", 12},
                                       {"/c/latin.inc", "# caf\xE9\n", 7},
                                       {"/c/group.inc", "g = {\n", 6}};
    struct conf_source source = {.texts = texts, .count = sizeof texts / sizeof texts[0]};
    struct conf_loader l = {
        .held = &held, .report = &report, .source = &source, .dir = "/c"};
    struct conf_text t;
    conf_report_done(&report);
    const char *why = NULL;
    int rc = conf_text_open(&l, &t, "/c/x.conf", &why);
    if (rc == 0)
        rc = conf_syntax_check(&l, &t);
    conf_text_done(&t);
    return rc;
}

static void done(void)
{
    conf_report_done(&report);
    conf_held_free(held);
    held = NULL;
}

/* A text, the place that is told, and words that are in what is told. */
static const struct slip {
    const char *text, *file;
    int line;
    const char *words;
} slips[] = {
    /* what is open, and where it began */
    {"a = {\n  b = 1;\n", "x.conf", 1, "\"a = {\" begins here and is not closed by \"}\""},
    {"a = (\n  { b = 1; }\n", "x.conf", 1, "\"a = (\" begins here"},
    {"a = [\n  1\n;\nb = 2;\n", "x.conf", 1, "not closed by \"]\" before \";\" at x.conf:3"},
    {"a = (\n  { b = 1; },\nc = { d = 1; };\n", "x.conf", 1, "before \"c\" at x.conf:3"},
    {"a = (\n  { b = 1; }\nc = 2;\n", "x.conf", 1, "before \"c\" at x.conf:3"},
    {"a = {\n  b = ( 1, 2 };\n}\n", "x.conf", 2, "\"b = (\" begins here"},
    {"a = {\n  b = {\n    c = 1;\n  d = 2;\n};\ne = 3;\n", "x.conf", 2,
     "the \"}\" at x.conf:5 stands further left"},
    {"a = ( ( 1, 2 );\n", "x.conf", 1, "\"a = (\" begins here"},
    {"a = 1;\n};\n", "x.conf", 2, "\"}\" closes nothing"},
    {"a = {\n  b = { c = 1; };\n  };\n  d = 2;\n};\n", "x.conf", 5,
     "perhaps too early, at x.conf:3"},
    {"a = { b = 1; ; };\n", "x.conf", 1, "\"a = {\" that begins at x.conf:1 is not closed yet"},
    /* quotes and comments */
    {"a = 1;\nb = \"x;\nc = \"y\";\n", "x.conf", 2, "is not closed on its line"},
    {"a = 1;\nb = \"x;\nc = \"y\";\nd = \"z;\n", "x.conf", 2, "is not closed on its line"},
    {"a = 1;\nb = \"x;\n", "x.conf", 2, "the end of the file"},
    {"a = 1;\n/* b = 2;\nc = 3;\n", "x.conf", 2, "comment /* that begins here"},
    {"a = {\n/* }\n", "x.conf", 2, "comment /* that begins here"},
    {"a = 'x';\n", "x.conf", 1, "quotes of another kind"},
    {"a = \xE2\x80\x9Cx\xE2\x80\x9D;\n", "x.conf", 1, "quotes of another kind"},
    {"a = \"say \"hi\" now\";\n", "x.conf", 1, "more follows behind a value"},
    {"a = \"x\" y = 2;\nb = \"x\" 5;", "x.conf", 2, "more follows behind a value"},
    {"a = x;\n", "x.conf", 1, "the value of \"a\" is a bare word"},
    {"a = 5m;\n", "x.conf", 1, "the value of \"a\" is no number"},
    {"a = yes;\n", "x.conf", 1, "true or false"},
    {"a = [ x ];\n", "x.conf", 1, "an element is a bare word"},
    /* marks */
    {"a = 1;\nb 2;\n", "x.conf", 2, "\"b\" has no \"=\""},
    {"a = ;\n", "x.conf", 1, "\"a\" has no value: \";\" follows"},
    {"a = \n", "x.conf", 1, "\"a\" has no value: the end of the file follows"},
    {"a == 1;\n", "x.conf", 1, "\"a\" has no value: \"=\" follows"},
    {"= 1;\n", "x.conf", 1, "there is no name before \"=\""},
    {"{ a = 1; }\n", "x.conf", 1, "there is no \"NAME =\" before \"{\""},
    {"a { b = 1; };\n", "x.conf", 1, "\"a\" has no \"=\""},
    {"a = ( 1,\n  2, );\n", "x.conf", 2, "a comma too many before \")\""},
    {"a = ( , 1 );\n", "x.conf", 1, "a comma too many: no element stands before it"},
    {"a = ( 1,, 2 );\n", "x.conf", 1, "a comma too many"},
    {"a = [ 1\n 2 ];\n", "x.conf", 2, "a comma is missing before \"2\""},
    {"a = ( { b = 1; }\n { b = 2; } );\n", "x.conf", 2, "a comma is missing before \"{\""},
    {"a = ( { b = 1; };\n { b = 2; } );\n", "x.conf", 1, "separated by commas, not by \";\""},
    {"a = [ { b = 1; } ];\n", "x.conf", 1, "for \"{\" use a list ( )"},
    {"a = [ 1, \"x\" ];\n", "x.conf", 1, "is of another kind than \"1\""},
    {"a = [ 1, 2L ];\n", "x.conf", 1, "of another kind"},
    {"a = 30,00;\n", "x.conf", 1, "a decimal is text with a point"},
    {"a = 1;\nb = 2;\na = 3;\n", "x.conf", 3, "second time; the first is at x.conf:1"},
    {"g = {\n a = 1;\n a = 2; };\n", "x.conf", 3, "second time (inside of \"g = {\""},
    {"\"a\" = 1;\n", "x.conf", 1, "is no name of a setting"},
    {"9a = 1;\n", "x.conf", 1, "\"9a\" is no name of a setting"},
    {"a = 1;;\n", "x.conf", 1, "a \";\" too many"},
    {"a = 4294967296;\n", "x.conf", 1, "too large"},
    {"a = -99999999999;\n", "x.conf", 1, "too large"},
    {"a = 0xFFFFFFFFF;\n", "x.conf", 1, "too large"},
    {"a = 99999999999999999999L;\n", "x.conf", 1, "too large"},
    {"a = [ \"x\"\n \"y\" ];\n", "x.conf", 2, "no comma stands between \"x\" and \"y\""},
    /* includes */
    {"@include \"none.inc\"\n", "x.conf", 1, "cannot read /c/none.inc"},
    {"a = 1;\n@include \"round.inc\"\n", "round.inc", 1,
     "circle: /c/x.conf -> /c/round.inc -> /c/x.conf"},
    {"a = 1;\n@include \"good.inc\"\nb = 2;\nb = 3;\n", "x.conf", 4, "the first is at x.conf:3"},
    {"j = 1;\n@include \"good.inc\"\n", "good.inc", 2, "the first is at x.conf:1"},
    {"@include \"bad.inc\"\n", "bad.inc", 2, "\"j\" has no value"},
    {"a = 1;\n@include \"open.inc\"\nb = \"c\";\n", "open.inc", 1, "is not closed on its line"},
    {"@include \"group.inc\"\nb = 1;\n", "group.inc", 1, "\"g = {\" begins here"},
    {"@include \"latin.inc\"\n", "latin.inc", 1, "is no UTF-8"},
    {"@include good.inc\n", "x.conf", 1, "@include \"FILE\""},
    {"a = 1; @include \"good.inc\"\n", "x.conf", 1, "at the start of a line"},
    {"include \"good.inc\"\n", "x.conf", 1, "@include"},
    {"@inclde \"good.inc\"\n", "x.conf", 1, "\"@inclde\" is not known"},
    /* bytes */
    {"a = 1;\nb = \"caf\xE9\";\n", "x.conf", 2, "is no UTF-8"},
    {"\xEF\xBB\xBF" "a = 1;\n", "x.conf", 1, "byte order mark"},
    {"\xFF\xFE" "a", "x.conf", 1, "UTF-16"},
};

START_TEST(every_slip_is_told_at_its_place)
{
    const struct slip *s = &slips[_i];
    check(s->text);
    ck_assert_msg(report.count == 1, "%d mistakes of %s", report.count, s->text);
    const struct conf_mistake *m = &report.items[0];
    const char *base = strrchr(m->file, '/') + 1;
    ck_assert_msg(strcmp(base, s->file) == 0 && m->line == s->line && strstr(m->text, s->words),
                  "%s:%d: %s\nnot %s:%d: %s", base, m->line, m->text, s->file, s->line, s->words);
    done();
}
END_TEST

/* Any of these may be a password that was written the wrong way. */
static const char *const secret_slips[] = {
    "secret = sesame;\n",       "secret = sesame-1;\n",     "secret \"sesame\";\n",
    "secret = \"ab\"sesame\";\n", "secret = 'sesame';\n",     "secret = \"sesame;\nurl = \"x\";\n",
    "secret = 12 sesame;\n",    "secret = 12sesame;\n",     "secret = \"sesame\n",
    "secret = \"x\nurl = \"sesame\";\n", "secret = \"ab\" \"sesame\" 5;\n",
    "\"sesame\" = 1;\n"};

START_TEST(no_value_is_shown)
{
    ck_assert_int_eq(check(secret_slips[_i]), -1);
    ck_assert_int_eq(report.count, 1);
    ck_assert_msg(!strstr(report.items[0].text, "sesame"), "%s", report.items[0].text);
    done();
}
END_TEST

START_TEST(a_comment_may_end_the_file)
{
    ck_assert_int_eq(check("a = 1; # the end"), 0);
    ck_assert_int_eq(check("a = 1; // the end"), 0);
    ck_assert_int_eq(check(""), 0);
    ck_assert_int_eq(report.count, 0);
    done();
}
END_TEST

/* ---- what libconfig takes, and nothing else ---- */

static unsigned state;

static unsigned draw(unsigned limit)
{
    return (unsigned)rand_r(&state) % limit;
}

static const char whole[] =
    "name = \"orders\"; # a comment\n"
    "from = { connection = \"till\"; entity = \"order\"; };\n"
    "/* more */ every : \"5m\", batch = 10\n"
    "filter = ( { field = \"state\"; in = [ \"paid\", \"deli\" \"vered\" ]; },\n"
    "           { field = \"total_incl\"; more = 30.5; } );\n"
    "numbers = [ 1, -2, +3, 0x1F ]; big = 12345678901L; f = [ 1e5, .5, 2., -1.5e-3 ];\n"
    "nothing = (); none = {}; empty = [ ];\n"
    "deep = ( ( 1, \"a\\\"b\\\\\" ), [ true, FALSE ], { *x-y_9 = 1 } ); // end\n";

/* One that changes a token here and there: what people's slips are made of. */
static void mutate(char *out, size_t room)
{
    static const char *const pieces[] = {
        "{", "}",  "(", ")",  "[", "]", "=", ";", ",", ":",  "\"",   "x",     "5",
        "5m", " ", "\n", "/*", "#", "@", "-", ".", "1L", "true", "\"s\"", "x = 1;"};
    size_t n = strlen(whole), start = draw((unsigned)n), used = 0;
    int changes = 1 + (int)draw(3);
    /* Most of the text stays away, as short ones are whole more often. */
    size_t from = draw(2) ? 0 : start / 2, to = draw(2) ? n : start + (n - start) / 2;
    for (size_t i = from; i < to && used + 16 < room; i++) {
        bool here = changes > 0 && draw((unsigned)(to - i)) < (unsigned)changes;
        unsigned kind = draw(3);
        if (here && kind < 2)
            used += (size_t)snprintf(out + used, room - used, "%s",
                                     pieces[draw(sizeof pieces / sizeof pieces[0])]);
        if (!here || kind == 0)
            out[used++] = whole[i];
        changes -= here;
    }
    out[used] = '\0';
}

static bool libconfig_takes(const char *text)
{
    config_t c;
    size_t bytes = strlen(text);
    char *ended = malloc(bytes + 2); /* it does not like a comment without a line break */
    memcpy(ended, text, bytes);
    memcpy(ended + bytes, "\n", 2);
    config_init(&c);
    bool takes = config_read_string(&c, ended);
    config_destroy(&c);
    free(ended);
    return takes;
}

/* What is stricter here on purpose: words that stand together are one, what begins has an end. */
static bool is_stricter(const char *text)
{
    struct conf_token_scan scan = {text, 1, true};
    for (;;) {
        struct conf_token t = conf_token_next(&scan);
        if (t.kind == TOKEN_END)
            return false;
        if (t.kind == TOKEN_OTHER || t.open)
            return true;
    }
}

START_TEST(takes_what_libconfig_takes)
{
    const char *given = getenv("KOPPEL_SEED");
    unsigned seed = given ? (unsigned)atoi(given) : 20261124;
    int taken = 0, rounds = 20000;
    state = seed;
    printf("seed %u\n", seed);
    for (int i = 0; i < rounds; i++) {
        char text[4096];
        mutate(text, sizeof text);
        bool ours = check(text) == 0, theirs = libconfig_takes(text);
        taken += ours;
        bool large = report.count && strstr(report.items[report.count - 1].text, "too large");
        ck_assert_msg(ours == theirs || large || (theirs && is_stricter(text)),
                      "seed %u, round %d: libconfig %s, we %s: %s\n%s", seed, i,
                      theirs ? "takes it" : "does not", ours ? "take it" : "do not",
                      report.count ? report.items[report.count - 1].text : "", text);
        done();
    }
    ck_assert_int_gt(taken, rounds / 20);
    ck_assert_int_lt(taken, rounds);
}
END_TEST

START_TEST(tokens_are_the_text_again)
{
    static const char text[] =
        "a = \"b\\\"\nc\"; # d\r\n/* e */ @x @include \"f\"\n @include  \"g\"";
    struct conf_token_scan scan = {text, 1, true};
    char again[sizeof text] = "";
    int includes = 0;
    for (;;) {
        struct conf_token t = conf_token_next(&scan);
        if (t.kind == TOKEN_END)
            break;
        strncat(again, t.at, t.bytes);
        includes += t.kind == TOKEN_INCLUDE;
    }
    ck_assert_str_eq(again, text);
    ck_assert_int_eq(includes, 1);
    ck_assert_int_eq(scan.line, 4);
}
END_TEST

UNIT_MAIN("conf_syntax")
{
    LOOP(every_slip_is_told_at_its_place, slips);
    LOOP(no_value_is_shown, secret_slips);
    tcase_add_test(t, a_comment_may_end_the_file);
    tcase_add_test(t, takes_what_libconfig_takes);
    tcase_add_test(t, tokens_are_the_text_again);
}
