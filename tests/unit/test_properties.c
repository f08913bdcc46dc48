/* SPDX-License-Identifier: MIT
 * What holds of every value: there and back gives what went in, what is rounded stays near, and a
 * mapping undoes another one. The values are generated; KOPPEL_SEED, which is printed, repeats
 * them. */
#include "base/decimal.h"
#include "koppel/sdk.h"
#include "transform_fixture.h"

#include "map_fixture.h"

#define TIMES 1500
#define MAPPINGS 60

static void start(void)
{
    transform_setup();
    transform_seed();
}

/* "name:arg:arg" of a value that is not stolen. NULL: it failed, err says why. */
static json_t *apply(const char *via, const json_t *value)
{
    err = (struct koppel_error){0};
    return transform_via(via, json_deep_copy(value), &err);
}

/* The same of one that is stolen, and must not fail. */
static json_t *must(const char *via, json_t *value)
{
    char *shown = json_dumps(value, JSON_ENCODE_ANY);
    err = (struct koppel_error){0};
    json_t *out = transform_via(via, value, &err);
    ck_assert_msg(out != NULL, "%s of %s: %s", via, shown, err.text);
    free(shown);
    return out;
}

/* Both are released. */
static void same(json_t *a, json_t *b, const char *what)
{
    char *x = json_dumps(a, JSON_ENCODE_ANY), *y = json_dumps(b, JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(a, b), "%s: %s, not %s", what, x, y);
    free(x);
    free(y);
    json_decref(a);
    json_decref(b);
}

/* ---- numbers ---- */

/* Of at most so many digits before the point and behind it, none of them without need. */
static json_t *some_number(int before, int behind)
{
    char text[64], *to = text;
    int whole = 1 + (int)transform_random((uint32_t)before);
    int places = (int)transform_random((uint32_t)behind + 1);
    if (transform_random(3) == 0)
        *to++ = '-';
    char *first = to;
    for (int i = 0; i < whole; i++)
        *to++ = (char)('0' + transform_random(10));
    if (whole > 1 && *first == '0')
        *first = '1';
    if (places)
        *to++ = '.';
    for (int i = 0; i < places; i++)
        *to++ = (char)('0' + transform_random(10));
    *to = '\0';
    if (strspn(text, "-0.") == strlen(text)) /* no minus before nothing */
        return json_string("0");
    return json_string(text);
}

static struct decimal decimal_of(const json_t *value)
{
    struct decimal d;
    ck_assert_int_eq(decimal_parse(json_string_value(value), &d), 0);
    return d;
}

START_TEST(numbers_are_read_as_they_are_written)
{
    static const char *const formats[] = {"plain", "comma", "nl", "de", "en", "ch", "fr"};
    for (int i = 0; i < TIMES; i++) {
        const char *format = formats[transform_random(7)];
        char write[64], read[64];
        json_t *number = some_number(15, 6);
        snprintf(write, sizeof write, "number.format:%s: :%s", format,
                 transform_random(2) ? "true" : "false");
        snprintf(read, sizeof read, "number.parse:%s", format);
        json_t *text = must(write, json_incref(number));
        same(must(read, json_incref(text)), json_incref(number), read);
        /* without the format it is the same number, or none */
        json_t *guess = apply("number.parse", text);
        ck_assert_msg(guess || strstr(err.text, "thousands or a fraction"), "%s", err.text);
        if (guess)
            same(guess, json_incref(number), json_string_value(text));
        json_decref(text);
        json_decref(number);
    }
}
END_TEST

START_TEST(what_is_rounded_stays_on_its_side)
{
    static const char *const modes[] = {"half-up", "half-even", "up", "down", "ceiling", "floor"};
    for (int i = 0; i < TIMES; i++) {
        int places = (int)transform_random(5), mode = (int)transform_random(6);
        char via[64];
        struct decimal unit = {1, places}, near = {5, places + 1}, missed;
        json_t *number = some_number(9, 8);
        snprintf(via, sizeof via, "number.round:%d:%s", places, modes[mode]);
        json_t *made = must(via, json_incref(number));
        struct decimal x = decimal_of(number), r = decimal_of(made);
        ck_assert_int_eq(decimal_sub(r, x, &missed), 0);
        int side = decimal_compare(r, x);
        bool sound = mode < 2 ? decimal_compare(decimal_abs(missed), near) <= 0
                              : decimal_compare(decimal_abs(missed), unit) < 0;
        sound = sound && (mode != 4 || side >= 0) && (mode != 5 || side <= 0);
        sound = sound && (mode != 2 || decimal_compare(decimal_abs(r), decimal_abs(x)) >= 0);
        sound = sound && (mode != 3 || decimal_compare(decimal_abs(r), decimal_abs(x)) <= 0);
        ck_assert_msg(sound, "%s of %s is %s", via, json_string_value(number),
                      json_string_value(made));
        json_decref(made);
        json_decref(number);
    }
}
END_TEST

START_TEST(cents_and_amounts_are_the_same)
{
    for (int i = 0; i < TIMES; i++) {
        json_t *number = some_number(12, 2);
        json_t *two = must("number.round:2", json_incref(number));
        json_t *cents = must("number.to-cents", number);
        ck_assert(json_is_integer(cents));
        same(must("number.from-cents", cents), two, "there and back");
    }
}
END_TEST

/* With VAT, without it and with it again misses what two roundings to the cent may miss. */
START_TEST(vat_there_and_back_stays_within_its_rule)
{
    static const char *const rates[] = {"21", "9", "19", "7", "5.5", "0", "25.5"};
    for (int i = 0; i < TIMES; i++) {
        const char *rate = rates[transform_random(7)];
        char excl[32], incl[32];
        struct decimal missed, most, percent, hundred = {100, 0}, half = {5, 5};
        json_t *given = must("number.round:2", some_number(7, 2));
        snprintf(excl, sizeof excl, "vat.excl:%s", rate);
        snprintf(incl, sizeof incl, "vat.incl:%s", rate);
        json_t *back = must(incl, must(excl, json_incref(given)));
        ck_assert_int_eq(decimal_sub(decimal_of(back), decimal_of(given), &missed), 0);
        /* half a cent, and half a cent times (100 + rate) / 100 */
        ck_assert_int_eq(decimal_parse(rate, &percent), 0);
        ck_assert_int_eq(decimal_add(percent, hundred, &percent), 0);
        ck_assert_int_eq(decimal_mul(percent, half, &most), 0);
        ck_assert_int_eq(decimal_add(most, (struct decimal){5, 3}, &most), 0);
        ck_assert_msg(decimal_compare(decimal_abs(missed), most) <= 0, "%s of %s came back as %s",
                      rate, json_string_value(given), json_string_value(back));
        json_decref(back);
        json_decref(given);
    }
}
END_TEST

/* Lines of one rate sum to what their sum is. */
START_TEST(vat_of_lines_sums_to_that_of_the_total)
{
    for (int i = 0; i < TIMES / 5; i++) {
        json_t *lines = json_array();
        for (int n = 1 + (int)transform_random(9); n > 0; n--)
            json_array_append_new(lines, must("number.round:2", some_number(4, 2)));
        json_t *total = must("vat.excl:21", must("number.sum", json_incref(lines)));
        same(must("number.sum", must("vat.excl:21", lines)), total, "the sum of the lines");
    }
}
END_TEST

/* ---- dates ---- */

static json_t *some_day(void)
{
    char via[48];
    snprintf(via, sizeof via, "date.add-days:%d", (int)transform_random(80000) - 40000);
    return must(via, json_string("2000-02-29"));
}

START_TEST(days_there_and_back)
{
    static const char *const units[] = {"week", "month", "quarter", "year"};
    for (int i = 0; i < TIMES / 2; i++) {
        char on[48], back[48], first[48], last[48];
        const char *unit = units[transform_random(4)];
        int days = (int)transform_random(20000);
        json_t *day = some_day();
        snprintf(on, sizeof on, "date.add-days:%d", days);
        snprintf(back, sizeof back, "date.add-days:-%d", days);
        same(must(back, must(on, json_incref(day))), json_incref(day), on);
        snprintf(first, sizeof first, "date.first-of:%s", unit);
        snprintf(last, sizeof last, "date.last-of:%s", unit);
        json_t *from = must(first, json_incref(day)), *to = must(last, json_incref(day));
        ck_assert_str_le(json_string_value(from), json_string_value(day));
        ck_assert_str_ge(json_string_value(to), json_string_value(day));
        same(must(first, json_incref(to)), from, first);
        json_decref(day);
        json_decref(to);
    }
}
END_TEST

START_TEST(moments_are_the_same_in_every_zone)
{
    static const char *const zones[] = {"UTC", "Europe/Amsterdam", "America/St_Johns",
                                        "Asia/Kathmandu", "Pacific/Chatham", "Africa/Casablanca"};
    for (int i = 0; i < TIMES; i++) {
        char via[64];
        int64_t seconds = (int64_t)transform_random(4000000000u);
        json_t *number = json_integer(seconds), *moment = must("date.from-unix", number);
        snprintf(via, sizeof via, "date.to-zone:%s", zones[transform_random(6)]);
        same(must("date.to-unix", must(via, moment)), json_integer(seconds), via);
    }
}
END_TEST

/* Every form that tells the whole day. */
START_TEST(dates_are_read_as_they_are_written)
{
    static const char *const forms[] = {"yyyyMMdd", "d-M-yyyy", "dd/MM/yyyy", "EEEE d MMMM yyyy",
                                        "MMM d, yyyy", "'d'd'm'M'y'yyyy", "yyyy''dd''MM"};
    static const char *const languages[] = {"en", "nl", "de"};
    for (int i = 0; i < TIMES; i++) {
        char write[80], read[80];
        const char *form = forms[transform_random(7)], *language = languages[transform_random(3)];
        snprintf(write, sizeof write, "date.format:%s:%s", form, language);
        snprintf(read, sizeof read, "date.parse:%s:%s", form, language);
        json_t *day = some_day();
        same(must(read, must(write, json_incref(day))), day, write);
    }
}
END_TEST

/* ---- texts ---- */

static json_t *some_text(void)
{
    static const char *const pieces[] = {
        "a", "B", "7", " ", "  ", "\u00a0", "\u200b", "-", "\u00e9", "e\u0301", "\u00df", "\u0130",
        "\u03a3", "\u4e2d", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1f3\U0001f1f1",
        "\t", "|", "$1", "\\", "\ufb01", "'", "\"", "\u0300"};
    char text[512] = "";
    for (int n = (int)transform_random(14); n > 0; n--) {
        const char *piece = pieces[transform_random(KOPPEL_COUNT(pieces))];
        strncat(text, piece, sizeof text - strlen(text) - 1);
    }
    return json_string(text);
}

START_TEST(f16_texts_done_twice_are_done_once)
{
    static const char *const once[] = {"text.trim", "text.collapse", "text.casefold", "text.slug",
                                       "text.ascii", "text.digits", "text.truncate:5",
                                       "text.title", "text.shorten:6", "text.first-words:2"};
    for (int i = 0; i < TIMES; i++) {
        const char *via = once[transform_random(KOPPEL_COUNT(once))];
        json_t *made = must(via, some_text());
        if (json_is_null(made))
            continue;
        same(must(via, json_incref(made)), made, via);
    }
}
END_TEST

START_TEST(f16_parts_make_the_whole_again)
{
    for (int i = 0; i < TIMES; i++) {
        char start[32], rest[32];
        unsigned at = transform_random(8);
        json_t *text = some_text();
        snprintf(start, sizeof start, "text.truncate:%u", at);
        snprintf(rest, sizeof rest, "text.slice:%u", at);
        json_t *head = must(start, json_incref(text)), *tail = must(rest, json_incref(text));
        json_t *count = must("text.length", json_incref(head));
        ck_assert_int_le((long long)json_integer_value(count), at);
        same(json_sprintf("%s%s", json_string_value(head), json_string_value(tail)),
             json_incref(text), rest);
        json_decref(count);
        json_decref(head);
        json_decref(tail);
        same(must("text.regex-replace:(?s)(.):$1", json_incref(text)), text, "by itself");
    }
}
END_TEST

START_TEST(lists_are_split_as_they_were_joined)
{
    for (int i = 0; i < TIMES / 3; i++) {
        json_t *list = json_array();
        for (int n = (int)transform_random(6); n > 0; n--) {
            json_t *one = must("text.regex-replace:[|]:", must("text.trim", some_text()));
            json_t *trimmed = must("text.trim", one);
            if (json_string_length(trimmed) > 0)
                json_array_append(list, trimmed);
            json_decref(trimmed);
        }
        same(must("text.split-list:|", must("text.join:|", json_incref(list))), list, "the list");
    }
}
END_TEST

/* ---- mappings ---- */

/* A field with its other name, and functions that undo each other. */
struct pair {
    const char *there, *back;
    json_t *(*make)(void);
};

static json_t *some_word(void)
{
    return json_sprintf("w%u \u00e9", transform_random(1000));
}

static json_t *some_amount(void)
{
    return must("number.round:2", some_number(6, 2));
}

static json_t *some_choice(void)
{
    static const char *const choices[] = {"high", "low", "none"};
    return json_string(choices[transform_random(3)]);
}

static json_t *some_flag(void)
{
    return json_boolean(transform_random(2));
}

static const struct pair pairs[] = {
    {"", "", some_word},
    {"", "", some_flag},
    {"via = 'text.prefix:A-';", "via = 'text.slice:2';", some_word},
    {"via = 'number.negate';", "via = 'number.negate';", some_amount},
    {"via = 'number.to-cents';", "via = 'number.from-cents';", some_amount},
    {"via = [ 'number.format:nl' ];", "via = [ 'number.parse:nl' ];", some_amount},
    {"via = 'date.format:EEEE d MMMM yyyy';", "via = 'date.parse:EEEE d MMMM yyyy';", some_day},
    {"via = 'table:high=1,low=2,none=3';", "via = 'table:1=high,2=low,3=none';", some_choice},
};

/* A path of one to three names that nobody else has. */
static void some_path(char *out, size_t room, const char *side, int number)
{
    static const char *const above[] = {"", "one.", "one.two.", "other."};
    snprintf(out, room, "%s%s%d", above[transform_random(4)], side, number);
}

static void put_at(json_t *record, const char *text, json_t *value)
{
    struct path *path = path_parse(text, &err);
    ck_assert_int_eq(path_set_take(path, record, value), 0);
    path_free(path);
}

static json_t *mapped(const char *members, const json_t *record)
{
    json_t *out = NULL;
    rules(members);
    err = (struct koppel_error){0};
    int rc = map_apply(&conf->flows[0].send, record, MAP_CREATE, NULL, &out, &err);
    ck_assert_msg(rc == 0, "%s: %s", members, err.text);
    return out;
}

/* Rules for `count` fields there and back, and a record that has most of them. */
static void some_rules(char *there, char *back, size_t room, json_t *record, int count)
{
    size_t a = 0, b = 0;
    for (int i = 0; i < count; i++) {
        const struct pair *p = &pairs[transform_random(KOPPEL_COUNT(pairs))];
        char left[64], right[64];
        some_path(left, sizeof left, "a", i);
        some_path(right, sizeof right, "b", i);
        const char *comma = i ? "," : "";
        a += (size_t)snprintf(there + a, room - a, "%s{ to = '%s'; from = '%s'; %s }", comma, right,
                              left, p->there);
        b += (size_t)snprintf(back + b, room - b, "%s{ to = '%s'; from = '%s'; %s }", comma, left,
                              right, p->back);
        if (transform_random(5) > 0)
            put_at(record, left, p->make());
    }
}

START_TEST(a_mapping_and_its_inverse_give_the_record)
{
    for (int i = 0; i < MAPPINGS; i++) {
        char there[2048], back[2048], lines_there[4096], lines_back[4096];
        json_t *record = json_object(), *lines = json_array(), *line = json_object();
        some_rules(there, back, sizeof there, line, 1 + (int)transform_random(4));
        for (int n = (int)transform_random(4); n >= 0; n--)
            json_array_append(lines, line);
        snprintf(lines_there, sizeof lines_there, "{ to = 'rows'; each = 'lines'; map = (%s); }",
                 there);
        snprintf(lines_back, sizeof lines_back, "{ to = 'lines'; each = 'rows'; map = (%s); }",
                 back);
        some_rules(there, back, sizeof there, record, 1 + (int)transform_random(8));
        json_object_set_new(record, "lines", lines);
        strncat(lines_there, ",", sizeof lines_there - strlen(lines_there) - 1);
        strncat(lines_there, there, sizeof lines_there - strlen(lines_there) - 1);
        strncat(lines_back, ",", sizeof lines_back - strlen(lines_back) - 1);
        strncat(lines_back, back, sizeof lines_back - strlen(lines_back) - 1);
        json_t *out = mapped(lines_there, record);
        same(mapped(lines_back, out), record, lines_there);
        json_decref(out);
        json_decref(line);
    }
}
END_TEST

UNIT_MAIN("properties")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_checked_fixture(t, start, transform_teardown);
    tcase_add_test(t, numbers_are_read_as_they_are_written);
    tcase_add_test(t, what_is_rounded_stays_on_its_side);
    tcase_add_test(t, cents_and_amounts_are_the_same);
    tcase_add_test(t, vat_there_and_back_stays_within_its_rule);
    tcase_add_test(t, vat_of_lines_sums_to_that_of_the_total);
    tcase_add_test(t, days_there_and_back);
    tcase_add_test(t, moments_are_the_same_in_every_zone);
    tcase_add_test(t, dates_are_read_as_they_are_written);
    tcase_add_test(t, f16_texts_done_twice_are_done_once);
    tcase_add_test(t, f16_parts_make_the_whole_again);
    tcase_add_test(t, lists_are_split_as_they_were_joined);
    tcase_add_test(t, a_mapping_and_its_inverse_give_the_record);
}
