/* SPDX-License-Identifier: MIT
 * Group T. */
#include "kit/kit_value.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_text.h"
#include "kit/kit_convert.h"
#include "kit/kit_left.h"

#define LONG_BYTES (1024 * 1024)
#define THREADS 8

static const struct catalogue *catalogue_of(const struct kit_run *r)
{
    return r->catalogue;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ---- examples ---- */

/* What an example says, against what came; NULL: they agree. */
static const char *differs(const json_t *example, const struct kit_convert *c, char *text,
                           size_t room)
{
    const char *error = text_of(example, "error"), *skip = text_of(example, "skip");
    json_t *want = json_object_get(example, "out");
    if (error && (c->rc == 0 || !strstr(c->err.text, error))) {
        snprintf(text, room, "must fail with \"%s\", and %s", error,
                 c->rc == 0 ? "does not" : c->err.text);
    } else if (skip && (!c->skipped || !strstr(c->skipped, skip))) {
        snprintf(text, room, "must leave it out with \"%s\", and %s", skip,
                 c->skipped ? c->skipped : "does not");
    } else if (!error && !skip && (c->rc < 0 || !json_equal(want, c->out))) {
        char *got = c->out ? json_text(c->out, true, NULL) : NULL;
        snprintf(text, room, "gives %.200s instead",
                 got ? got : c->rc < 0 ? c->err.text : "nothing");
        free(got);
    } else {
        return NULL;
    }
    return text;
}

typedef const char *look_at(const struct kit_convert *c, const json_t *example, void *arg,
                            char *text, size_t room);

/* Calls every function with every example. */
static enum kit_child_outcome examples(const struct kit_run *r, struct kit_convert like,
                                       look_at *look, void *arg)
{
    const struct catalogue *cat = catalogue_of(r);
    for (int i = 0; i < cat->function_count; i++) {
        json_t *example;
        size_t k;
        json_array_foreach(cat->functions[i].examples, k, example) {
            struct kit_convert c = like;
            char text[KIT_CHILD_TEXT_BYTES], words[700];
            c.run = r;
            c.function = (uint32_t)i;
            c.given = json_object_get(example, "args");
            json_t *in = json_deep_copy(json_object_get(example, "in"));
            in = in ? in : json_null();
            const char *wrong = kit_convert_call(&c, in, text, sizeof text);
            const char *more = !wrong && look ? look(&c, example, arg, words, sizeof words) : NULL;
            if (more) {
                snprintf(text, sizeof text, "example %zu of function %s %s", k + 1,
                         cat->functions[i].name, more);
                wrong = text;
            }
            kit_convert_done(&c);
            json_decref(in);
            if (wrong)
                return kit_child_fail("%s", wrong);
        }
    }
    return KIT_PASS;
}

static const char *look_same(const struct kit_convert *c, const json_t *example, void *arg,
                             char *text, size_t room)
{
    (void)arg;
    return differs(example, c, text, room);
}

enum kit_child_outcome kit_value_examples(const struct kit_run *r, bool grown)
{
    return examples(r, (struct kit_convert){.grown = grown}, look_same, NULL);
}

enum kit_child_outcome kit_value_starved(const struct kit_run *r, long *left, long at)
{
    return examples(r, (struct kit_convert){.left = left, .at = at}, NULL, NULL);
}

/* What compares with them has nothing to compare where they do not hold at all. */
static bool base_holds(const struct kit_run *r)
{
    if (kit_value_examples(r, false) == KIT_PASS)
        return true;
    (void)kit_child_nothing("its examples do not hold; T1 says why");
    return false;
}

/* Nor where they hold only once. */
static bool holds_again(const struct kit_run *r)
{
    if (!base_holds(r))
        return false;
    if (kit_value_examples(r, false) == KIT_PASS)
        return true;
    (void)kit_child_nothing("its examples do not hold a second time; T3 says why");
    return false;
}

static enum kit_child_outcome examples_hold(const struct kit_run *r)
{
    return kit_value_examples(r, false);
}

static enum kit_child_outcome examples_there(const struct kit_run *r)
{
    const struct catalogue *cat = catalogue_of(r);
    for (int i = 0; i < cat->function_count; i++) {
        bool any = false;
        json_t *example;
        size_t k;
        json_array_foreach(cat->functions[i].examples, k, example)
            any = any || !text_of(example, "error");
        if (!any)
            return kit_child_fail("function \"%s\" has no example that succeeds",
                                  cat->functions[i].name);
    }
    return KIT_PASS;
}

/* Again, in this process, where the one before may have left something. */
static enum kit_child_outcome pure(const struct kit_run *r)
{
    enum kit_child_outcome outcome = KIT_PASS;
    if (!base_holds(r))
        return KIT_NOTHING;
    for (int i = 0; i < 3 && outcome == KIT_PASS; i++)
        outcome = kit_value_examples(r, false);
    return outcome;
}

static const char *look_untouched(const struct kit_convert *c, const json_t *example, void *arg,
                                  char *text, size_t room)
{
    (void)example;
    (void)arg;
    (void)text;
    (void)room;
    return c->changed ? "changes the value or the arguments that it was lent, or keeps them" : NULL;
}

static enum kit_child_outcome untouched(const struct kit_run *r)
{
    return examples(r, (struct kit_convert){0}, look_untouched, NULL);
}

static const char *look_traps(const struct kit_convert *c, const json_t *example, void *arg,
                              char *text, size_t room)
{
    (void)example;
    (void)arg;
    if (!c->host.used_http && !c->host.used_clock && !c->host.used_shared)
        return NULL;
    snprintf(text, room, "asks the host for %s",
             c->host.used_http ? "HTTP" : c->host.used_clock ? "the time" : "what is shared");
    return text;
}

static enum kit_child_outcome traps(const struct kit_run *r)
{
    return examples(r, (struct kit_convert){0}, look_traps, NULL);
}

/* ---- values of every kind ---- */

/* The arguments of the first example that succeeds. */
static const json_t *usual_args(const struct cat_function *f)
{
    json_t *example;
    size_t k;
    json_array_foreach(f->examples, k, example) {
        if (!text_of(example, "error") && !text_of(example, "skip"))
            return json_object_get(example, "args");
    }
    return NULL;
}

/* Each function with the value. Any value or failure will do, but none that breaks the contract. */
static enum kit_child_outcome take_value(const struct kit_run *r, json_t *value, const char *what)
{
    const struct catalogue *cat = catalogue_of(r);
    for (int i = 0; i < cat->function_count; i++) {
        struct kit_convert c = {.run = r, .function = (uint32_t)i,
                                .given = usual_args(&cat->functions[i])};
        char text[KIT_CHILD_TEXT_BYTES];
        if (cat->functions[i].record && !json_is_object(value))
            continue;
        const char *wrong = kit_convert_call(&c, value, text, sizeof text);
        if (!wrong && c.rc < 0 && c.err.kind != KOPPEL_E_REJECTED &&
            c.err.kind != KOPPEL_E_CONFIG) {
            snprintf(text, sizeof text, "function %s fails with %s: %s", cat->functions[i].name,
                     err_kind_name(c.err.kind), c.err.text);
            wrong = text;
        }
        kit_convert_done(&c);
        if (wrong)
            return kit_child_fail("%s (the value was %s)", wrong, what);
    }
    return KIT_PASS;
}

static enum kit_child_outcome take_texts(const struct kit_run *r, const char *const *texts)
{
    enum kit_child_outcome outcome = KIT_PASS;
    for (; *texts && outcome == KIT_PASS; texts++) {
        json_t *value = json_string(*texts);
        outcome = take_value(r, value, **texts ? *texts : "empty text");
        json_decref(value);
    }
    return outcome;
}

static enum kit_child_outcome nothing(const struct kit_run *r)
{
    return take_value(r, json_null(), "null");
}

static enum kit_child_outcome types(const struct kit_run *r)
{
    json_t *all = json_pack("[i,b,b,[],{},[n],[[s]],{s:[i]}]", 7, 1, 0, "x", "a", 1);
    enum kit_child_outcome outcome = all ? KIT_PASS : kit_child_fail("out of memory");
    json_t *value;
    size_t k;
    json_array_foreach(all, k, value) {
        char *text = json_text(value, false, NULL);
        if (outcome == KIT_PASS)
            outcome = take_value(r, value, text ? text : "?");
        free(text);
    }
    json_decref(all);
    return outcome;
}

static enum kit_child_outcome blanks(const struct kit_run *r)
{
    static const char *const texts[] = {"", " ", "\t\r\n", "\xc2\xa0", "\xe2\x80\x8b", "-", ".",
                                        "/", "+", "0", NULL};
    return take_texts(r, texts);
}

static enum kit_child_outcome numbers(const struct kit_run *r)
{
    static const char *const texts[] = {
        "1e400", "-1e-400", "NaN", "Infinity", "-0", "0x10", "00012", "1.", ".5", "1,5", "1.2.3",
        "9223372036854775808", "-9223372036854775809", "0000000000000000000000000000000000000001",
        "1234567890123456789012345678901234567890", "0.00000000000000000000000000000000000001",
        "99999999999999999999999999999999999999.99", NULL};
    return take_texts(r, texts);
}

static enum kit_child_outcome scripts(const struct kit_run *r)
{
    static const char *const texts[] = {
        "e\xcc\x81", "\xf0\x9f\x87\xb3\xf0\x9f\x87\xb1", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
        "\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", "\xc4\xb0\xc4\xb1\xc3\x9f\xef\xac\x81",
        "a\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84", "\xef\xbb\xbfx", "\xf4\x8f\xbf\xbd",
        "x\xe2\x80\xaey", NULL};
    return take_texts(r, texts);
}

static enum kit_child_outcome long_text(const struct kit_run *r)
{
    static const char *const parts[] = {"a", "1", "a ", "\xc3\xa9"};
    char *text = malloc(LONG_BYTES + 1);
    enum kit_child_outcome outcome = text ? KIT_PASS : kit_child_fail("out of memory");
    for (size_t i = 0; outcome == KIT_PASS && i < sizeof parts / sizeof parts[0]; i++) {
        size_t n = strlen(parts[i]), used = 0;
        for (; used + n <= LONG_BYTES; used += n)
            memcpy(text + used, parts[i], n);
        json_t *value = json_stringn(text, used);
        outcome = take_value(r, value, "text of 1 MiB");
        json_decref(value);
    }
    free(text);
    return outcome;
}

/* Every argument that need not be given is left out. */
static enum kit_child_outcome least_args(const struct kit_run *r)
{
    const struct catalogue *cat = catalogue_of(r);
    for (int i = 0; i < cat->function_count; i++) {
        const struct cat_function *f = &cat->functions[i];
        const json_t *usual = usual_args(f);
        json_t *given = json_array(), *value = f->record ? json_object() : json_string("1");
        for (int k = 0; k < f->required_count; k++) {
            json_t *one = json_array_get(usual, (size_t)k);
            json_array_append(given, one ? one : json_null());
        }
        struct kit_convert c = {.run = r, .function = (uint32_t)i, .given = given};
        char text[KIT_CHILD_TEXT_BYTES];
        const char *wrong = kit_convert_call(&c, value, text, sizeof text);
        kit_convert_done(&c);
        json_decref(given);
        json_decref(value);
        if (wrong)
            return kit_child_fail("%s (with only the arguments that are required)", wrong);
    }
    return KIT_PASS;
}

static enum kit_child_outcome unknown_function(const struct kit_run *r)
{
    const struct koppel_transform *t = &r->plugin->transform;
    struct kit_host host = {.ctx = {.plugin = r->plugin}};
    struct koppel_error err = {0};
    json_t *out = NULL, *args = json_array(), *value = json_string("x");
    if (!t->convert)
        return kit_child_nothing("it converts no values");
    kit_child_doing("a function that there is not");
    kit_host_enter(&host);
    int rc = t->convert(kit_host_table(false), &host.ctx,
                        (uint32_t)catalogue_of(r)->function_count + 100, value, args, &out, &err);
    kit_host_enter(NULL);
    json_decref(out);
    json_decref(args);
    json_decref(value);
    return rc == -1 && err.kind ? KIT_PASS
                                : kit_child_fail("function number %d, which it has not, succeeds",
                                                 catalogue_of(r)->function_count + 100);
}

/* ---- surroundings ---- */

static enum kit_child_outcome other_zone(const struct kit_run *r)
{
    static const char *const zones[] = {"Pacific/Kiritimati", "America/St_Johns", "UTC+13"};
    enum kit_child_outcome outcome = KIT_PASS;
    if (!holds_again(r))
        return KIT_NOTHING;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0] && outcome == KIT_PASS; i++) {
        (void)setenv("TZ", zones[i], 1);
        tzset();
        outcome = kit_value_examples(r, false);
    }
    return outcome;
}

static enum kit_child_outcome other_locale(const struct kit_run *r)
{
    static const char *const names[] = {"de_DE.UTF-8", "tr_TR.UTF-8", "nl_NL.UTF-8", "C.UTF-8"};
    enum kit_child_outcome outcome = KIT_PASS;
    int tried = 0;
    if (!holds_again(r))
        return KIT_NOTHING;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && outcome == KIT_PASS; i++) {
        locale_t there = newlocale(LC_ALL_MASK, names[i], (locale_t)0);
        if (!there)
            continue;
        tried++;
        locale_t before = uselocale(there);
        outcome = kit_value_examples(r, false);
        (void)uselocale(before);
        freelocale(there);
    }
    return tried ? outcome : kit_child_nothing("this machine has no other locale");
}

#define ERRAND_ROUNDS 2

struct errand {
    const struct kit_run *run;
    enum kit_child_outcome outcome;
};

static void *run_errand(void *arg)
{
    struct errand *e = arg;
    for (int i = 0; i < ERRAND_ROUNDS && e->outcome == KIT_PASS; i++)
        e->outcome = kit_value_examples(e->run, false);
    return NULL;
}

static enum kit_child_outcome threads(const struct kit_run *r)
{
    struct errand errands[THREADS];
    pthread_t ids[THREADS];
    int begun = 0;
    enum kit_child_outcome outcome = KIT_PASS;
    if (r->plugin->entry.threads == KOPPEL_THREADS_PLUGIN)
        return kit_child_nothing("it asks for one call at a time");
    (void)kit_host_table(false);
    if (!holds_again(r))
        return KIT_NOTHING;
    for (; begun < THREADS; begun++) {
        errands[begun] = (struct errand){r, KIT_PASS};
        if (pthread_create(&ids[begun], NULL, run_errand, &errands[begun]) != 0)
            break;
    }
    for (int i = 0; i < begun; i++) {
        pthread_join(ids[i], NULL);
        outcome = errands[i].outcome != KIT_PASS ? errands[i].outcome : outcome;
    }
    return outcome;
}

#define ROUNDS 4

static enum kit_child_outcome leaves_nothing(const struct kit_run *r)
{
    struct kit_left at[4]; /* the first round fills what libraries keep */
    enum kit_child_outcome outcome = KIT_PASS;
    for (int k = 0; k < 4 && outcome == KIT_PASS; k++) {
        for (int i = 0; i < ROUNDS && outcome == KIT_PASS; i++)
            outcome = kit_value_examples(r, false);
        kit_left_take(&at[k]);
    }
    if (outcome != KIT_PASS)
        return kit_child_nothing("its examples do not hold");
    size_t more = kit_left_growth(&at[1], 3);
    if (more >= ROUNDS * 8)
        return kit_child_fail("%d times its examples leave %zu bytes", ROUNDS, more);
    return KIT_PASS;
}

const struct kit_check kit_value_checks[] = {
    {"T1", KIT_TRANSFORM, "the examples of its catalogue hold",
     "They are shown to people and are its tests; mend the function or the example.",
     examples_hold},
    {"T2", KIT_TRANSFORM, "every function has an example that succeeds",
     "One example says more than a paragraph; add \"examples\".", examples_there},
    {"T3", KIT_TRANSFORM, "the same value gives the same outcome",
     "Records are compared by what comes out; keep nothing from one call for the next.", pure},
    {"T4", KIT_TRANSFORM, "value and arguments stay as they were",
     "They are borrowed and shared with other threads; make a new value.", untouched},
    {"T5", KIT_TRANSFORM, "null is taken",
     "A field that is missing comes so; give null, a default, or KOPPEL_E_REJECTED.", nothing},
    {"T6", KIT_TRANSFORM, "values of another type are taken or refused",
     "Mappings are written by people; look at the type before reading, and refuse with "
     "KOPPEL_E_REJECTED.", types},
    {"T7", KIT_TRANSFORM, "empty and blank texts are taken or refused",
     "They are in every real list; nothing may be read before or behind the text.", blanks},
    {"T8", KIT_TRANSFORM, "texts of a megabyte end in time",
     "One record must not hold up the others; keep to time that grows with the length.",
     long_text},
    {"T9", KIT_TRANSFORM, "numbers of any form are taken or refused, none becomes a real",
     "Money is exact; calculate by host->decimal, and give text.", numbers},
    {"T10", KIT_TRANSFORM, "any script comes out as valid UTF-8",
     "Cut and fold by characters, not by bytes.", scripts},
    {"T11", KIT_TRANSFORM, "the locale makes no difference",
     "A decimal comma or a Turkish i would change the books; use no function of <ctype.h> or "
     "printf for numbers that follows it.", other_locale},
    {"T12", KIT_TRANSFORM, "the machine's time zone makes no difference",
     "Which day it is depends on home.zone alone; ask host->setting for it.", other_zone},
    {"T13", KIT_TRANSFORM, "it asks nobody: no HTTP, no clock, nothing shared",
     "Only so can a case be run again years later; take what is needed as an argument.", traps},
    {"T14", KIT_TRANSFORM, "eight threads at once get the same outcomes",
     "It is called by any number of them; keep everything on the stack or in what prepare() made.",
     threads},
    {"T15", KIT_TRANSFORM, "arguments that are not required may be missing",
     "They come as null; declare a default or look at it first.", least_args},
    {"T17", KIT_TRANSFORM, "a function number that it has not is refused",
     "A catalogue may be newer than the code; KOPPEL_REGISTER_TRANSFORM checks the count.",
     unknown_function},
    {"T18", KIT_TRANSFORM, "nothing is left of a call",
     "Millions of values pass through it; free what is made, and in release() what prepare() made.",
     leaves_nothing},
    {0},
};
