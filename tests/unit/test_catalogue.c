/* SPDX-License-Identifier: MIT
 * Catalogues: what is right, what is refused and with which words, overlays. */
#include "catalogue/catalogue_function.h"
#include "catalogue/catalogue_overlay.h"
#include "catalogue/catalogue_parse.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char books[] =
    "{\"title\":\"Books\",\"concurrency\":4,"
    "\"settings\":[{\"name\":\"url\",\"type\":\"url\",\"default\":\"https://x.example\"},"
    "{\"name\":\"wait\",\"type\":\"duration\",\"default\":\"5m\",\"min\":\"1s\",\"max\":\"1h\"},"
    "{\"name\":\"page\",\"type\":\"integer\",\"default\":50,\"min\":1,\"max\":100},"
    "{\"name\":\"all\",\"type\":\"boolean\",\"default\":true},"
    "{\"name\":\"mode\",\"type\":\"choice\",\"values\":[\"a\",\"b\"]},"
    "{\"name\":\"secret\",\"required\":true,\"secret\":true}],"
    "\"entities\":[{\"name\":\"debtor\",\"model\":\"customer\",\"key\":\"customerNumber\","
    "\"can\":[\"read\",\"find\",\"create\"],\"repeat\":\"lookup\",\"batch\":{\"find\":10},"
    "\"fields\":[{\"name\":\"customerNumber\",\"read_only\":true},{\"name\":\"emailAddress\"},"
    "{\"name\":\"lines\",\"type\":\"list\",\"fields\":[{\"name\":\"vat\",\"choices\":\"vat-codes\","
    "\"type\":\"decimal\",\"wire\":\"vatCode\"}]}],"
    "\"match\":{\"email\":\"emailAddress\"},\"find\":[\"emailAddress\"],"
    "\"options\":[{\"name\":\"inactive\",\"type\":\"boolean\"}]},"
    "{\"name\":\"invoice\",\"can\":[\"create\",\"dry-run\"],"
    "\"references\":[{\"name\":\"customer\",\"entity\":\"debtor\",\"from\":\"customer\","
    "\"key\":\"customerNumber\",\"model\":\"customer\"}]}],"
    "\"choices\":[\"vat-codes\"],"
    "\"functions\":[{\"name\":\"cut\",\"takes\":[\"text\",\"list\"],"
    "\"gives\":\"text\",\"args\":[{\"name\":\"count\",\"type\":\"integer\",\"required\":true},"
    "{\"name\":\"side\",\"type\":\"choice\",\"values\":[\"left\",\"right\"],\"default\":\"left\"},"
    "{\"name\":\"rest\",\"type\":\"list\",\"max\":2}],"
    "\"examples\":[{\"in\":\"abc\",\"args\":[\"2\"],\"out\":\"ab\"}]}],"
    "\"oauth2\":{\"grant\":\"client_credentials\",\"token_url\":\"{url}/token\","
    "\"client_id\":\"koppel\",\"client_secret\":\"{secret}\"}}";

START_TEST(test_whole)
{
    struct koppel_error err = {0};
    struct catalogue *c = catalogue_parse(books, &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    ck_assert_str_eq(c->title, "Books");
    ck_assert_int_eq(c->concurrency, 4);
    ck_assert(c->oauth);
    ck_assert_str_eq(catalogue_setting(c, "page")->fallback, "50");
    ck_assert_str_eq(catalogue_setting(c, "all")->fallback, "true");
    ck_assert_int_eq(catalogue_setting(c, "wait")->min, 1000);
    ck_assert_int_eq(catalogue_setting(c, "wait")->max, 3600000);
    ck_assert_int_eq(catalogue_setting(c, "mode")->value_count, 2);
    ck_assert(catalogue_setting(c, "secret")->secret);
    ck_assert_ptr_null(catalogue_setting(c, "nothing"));
    const struct cat_entity *e = catalogue_entity(c, "debtor");
    ck_assert_uint_eq(e->can, CAN_READ | CAN_FIND | CAN_CREATE);
    ck_assert_int_eq(e->repeat, REPEAT_LOOKUP);
    ck_assert_int_eq(e->batch_read, 100);
    ck_assert_int_eq(e->batch_find, 10);
    ck_assert_int_eq(e->batch_write, 1);
    ck_assert_str_eq(e->match[0].core, "email");
    ck_assert_str_eq(e->options[0].name, "inactive");
    const struct cat_field *f = catalogue_field(e, "lines[].vat");
    ck_assert_ptr_nonnull(f);
    ck_assert_str_eq(f->wire, "vatCode");
    ck_assert_int_eq(f->type, FIELD_DECIMAL);
    ck_assert_ptr_eq(catalogue_field(e, "lines[0].vat"), f);
    ck_assert_ptr_null(catalogue_field(e, "lines.no"));
    ck_assert_ptr_null(catalogue_field(e, ""));
    e = catalogue_entity(c, "invoice");
    ck_assert_int_eq(e->repeat, REPEAT_NEVER);
    ck_assert_str_eq(catalogue_reference(e, "customer")->entity, "debtor");
    ck_assert_int_eq(catalogue_function(c, "cut"), 0);
    ck_assert_int_eq(catalogue_function(c, "paste"), -1);
    ck_assert_int_eq(c->functions[0].required_count, 1);
    catalogue_free(c);
    catalogue_free(NULL);
}
END_TEST

#define FUNCTION(members) "{\"title\":\"T\",\"functions\":[{\"name\":\"f\"," members "}]}"

/* Of the function "cut": what was written, and what it gets, or what is wrong. */
static const struct {
    const char *given, *gets, *says;
} arguments[] = {
    {"[\"2\"]", "[2,\"left\",null]", NULL},
    {"[2]", "[2,\"left\",null]", NULL},
    {"[\"2\",\"\"]", "[2,\"left\",null]", NULL},
    {"[\"2\",\"right\",\"a\"]", "[2,\"right\",[\"a\"]]", NULL},
    {"[\"2\",\"right\",\"a\",true]", "[2,\"right\",[\"a\",\"true\"]]", NULL},
    {"[\"2\",\"right\",[\"a\",7]]", "[2,\"right\",[\"a\",\"7\"]]", NULL},
    {"[]", NULL, "function \"cut\" takes 1 to 3 arguments (count, side, rest), not 0"},
    {"[\"x\"]", NULL, "function \"cut\": argument \"count\" is \"x\", expected integer"},
    {"[\"99999999999999999999\"]", NULL, "expected integer"},
    {"[\"\"]", NULL, "argument \"count\" is \"\""},
    {"[[1]]", NULL, "argument \"count\" is a list, expected one value"},
    {"[\"2\",\"lft\"]", NULL, "expected one of left, right; did you mean \"left\"?"},
    {"[\"2\",\"left\",\"a\",\"b\",\"c\"]", NULL, "\"rest\" has 3 elements, expected 0 to 2"},
    {"[\"2\",\"left\",[{}]]", NULL, "element 1 is no text"},
};

START_TEST(test_arguments)
{
    struct koppel_error err = {0};
    struct catalogue *c = catalogue_parse(books, &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    json_t *given = json_loads(arguments[_i].given, 0, NULL), *out = NULL;
    int rc = catalogue_function_args(&c->functions[0], given, &out, &err);
    if (arguments[_i].gets) {
        ck_assert_msg(rc == 0, "%s", err.text);
        char *text = json_dumps(out, JSON_COMPACT);
        ck_assert_str_eq(text, arguments[_i].gets);
        free(text);
    } else {
        ck_assert_int_eq(rc, -1);
        ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
        ck_assert_msg(strstr(err.text, arguments[_i].says) != NULL, "%s", err.text);
    }
    json_decref(out);
    json_decref(given);
    catalogue_free(c);
}
END_TEST

/* A country becomes its letters; a zone, a currency and a decimal are held against their kind. */
START_TEST(test_argument_types)
{
    static const struct {
        const char *type, *given, *gets; /* NULL: refused */
    } rows[] = {
        {"country", "Belgi\303\253", "BE"}, {"country", "el", "GR"},  {"country", "Atlantis", NULL},
        {"zone", "Europe/Paris", "Europe/Paris"}, {"zone", "Europe/Parijs", NULL},
        {"currency", "EUR", "EUR"},   {"currency", "eur", NULL},  {"currency", "EURO", NULL},
        {"decimal", "1.50", "1.50"},  {"decimal", "1,50", NULL},  {"boolean", "yes", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        struct koppel_error err = {0};
        snprintf(text, sizeof text, FUNCTION("\"args\":[{\"name\":\"a\",\"type\":\"%s\"}]"),
                 rows[i].type);
        struct catalogue *c = catalogue_parse(text, &err);
        ck_assert_msg(c != NULL, "%s", err.text);
        json_t *given = json_pack("[s]", rows[i].given), *out = NULL;
        int rc = catalogue_function_args(&c->functions[0], given, &out, &err);
        ck_assert_msg((rc == 0) == (rows[i].gets != NULL), "%s %s: %s", rows[i].type, rows[i].given,
                      err.text);
        if (rc == 0)
            ck_assert_str_eq(json_string_value(json_array_get(out, 0)), rows[i].gets);
        json_decref(out);
        json_decref(given);
        catalogue_free(c);
    }
}
END_TEST

#define ENTITY(members) "{\"title\":\"T\",\"entities\":[{\"name\":\"e\"," members "}]}"
#define SETTING(members) "{\"title\":\"T\",\"settings\":[{\"name\":\"s\"," members "}]}"

/* A document with lines, and what it can do. */
#define DOCUMENT(can, members)                                                                     \
    ENTITY("\"can\":[" can "],\"find\":[\"id\"],\"key\":\"id\",\"document\":\"id\",\"fields\":["   \
           "{\"name\":\"id\"},{\"name\":\"total\",\"type\":\"decimal\"},{\"name\":\"o\",\"type\":" \
           "\"object\",\"fields\":[{\"name\":\"amount\",\"type\":\"decimal\"}]},"                  \
           "{\"name\":\"lines\",\"type\":\"list\",\"fields\":[{\"name\":\"text\"},"                \
           "{\"name\":\"amount\",\"type\":\"decimal\"}]}]," members)

START_TEST(test_change)
{
    struct koppel_error err = {0};
    struct catalogue *c = catalogue_parse(
        DOCUMENT("\"read\",\"find\",\"create\",\"update\"",
                 "\"changes\":\"snapshot\",\"correct\":[\"total\",\"o.amount\",\"lines[].amount\"],"
                 "\"balance\":\"lines[].amount\",\"editable\":{\"field\":\"id\",\"values\":[\"1\","
                 "\"2\"]}"),
        &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    const struct cat_entity *e = catalogue_entity(c, "e");
    ck_assert(e->snapshot);
    ck_assert_int_eq(e->correct_count, 3);
    ck_assert_str_eq(e->correct[2], "lines[].amount");
    ck_assert_str_eq(e->balance, "lines[].amount");
    ck_assert_str_eq(e->editable, "id");
    ck_assert_int_eq(e->editable_count, 2);
    ck_assert_str_eq(e->editable_values[1], "2");
    catalogue_free(c);
}
END_TEST

START_TEST(test_settings)
{
    struct koppel_error err = {0};
    struct catalogue *c = catalogue_parse(
        "{\"title\":\"T\",\"settings\":[{\"name\":\"branch\",\"choices\":\"branches\","
        "\"requires\":\"place\"},{\"name\":\"place\"},"
        "{\"name\":\"limit\",\"type\":\"decimal\",\"default\":\"0.05\"},"
        "{\"name\":\"formula\",\"type\":\"expression\",\"values\":[\"free\"],\"scope\":\"levels\","
        "\"default\":\"a - b\"}],\"choices\":[\"branches\"]}", &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    ck_assert_str_eq(catalogue_setting(c, "branch")->choices, "branches");
    ck_assert_str_eq(catalogue_setting(c, "branch")->requires, "place");
    ck_assert_int_eq(catalogue_setting(c, "limit")->type, SETTING_DECIMAL);
    ck_assert_int_eq(catalogue_setting(c, "formula")->type, SETTING_EXPRESSION);
    ck_assert_str_eq(catalogue_setting(c, "formula")->scope, "levels");
    catalogue_free(c);
}
END_TEST

static const struct {
    const char *text, *says;
} mistakes[] = {
    {"", "line 1"},
    {"[]", "expected an object, found a list"},
    {"{}", "\"title\" is missing"},
    {"{\"title\":\"T\",\"title\":\"U\"}", "this name stands twice"},
    {"{\"title\":1}", "\"title\" must be text, found an integer"},
    {"{\"title\":\"T\",\"concurrency\":0}", "from 1 to 64, found 0"},
    {"{\"title\":\"T\",\"entitties\":[]}", "unknown member \"entitties\""},
    {"{\"title\":\"T\",\"settings\":{}}", "\"settings\" must be a list"},
    {"{\"title\":\"T\",\"settings\":[{}]}", "settings[0]: \"name\" is missing"},
    {"{\"title\":\"T\",\"settings\":[{\"name\":\"1 x\"}]}", "\"1 x\" is no name"},
    {"{\"title\":\"T\",\"settings\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", "settings.a: this"},
    {SETTING("\"type\":\"txt\""), "settings.s: \"type\" must be one of text, url"},
    {SETTING("\"type\":\"integer\",\"default\":\"x\""), "default \"x\" is no integer"},
    {SETTING("\"type\":\"integer\",\"default\":9,\"max\":8"), "outside of min and max"},
    {SETTING("\"type\":\"integer\",\"min\":9,\"max\":8"), "min is larger than max"},
    {SETTING("\"type\":\"duration\",\"default\":\"5\""), "is no duration"},
    {SETTING("\"type\":\"boolean\",\"default\":\"yes\""), "neither true nor false"},
    {SETTING("\"type\":\"choice\""), "which needs them"},
    {SETTING("\"type\":\"choice\",\"values\":[\"a\"],\"default\":\"b\""), "not among its values"},
    {SETTING("\"type\":\"choice\",\"values\":[\"a\",\"a\"]"), "\"a\" twice"},
    {SETTING("\"secret\":true,\"default\":\"x\""), "secret setting cannot have a default"},
    {SETTING("\"required\":true,\"default\":\"x\""), "no use for a default"},
    {SETTING("\"type\":\"integer\",\"default\":1.5"), "default \"1.5\" is no integer"},
    {SETTING("\"type\":\"decimal\",\"default\":\"1,5\""), "default \"1,5\" is no decimal"},
    {SETTING("\"type\":\"expression\",\"default\":\"1 +\""),
     "default: expression \"1 +\": column 4"},
    {SETTING("\"values\":[\"a\"]"), "belong to type \"choice\""},
    {SETTING("\"scope\":\"a\""), "settings.s: \"scope\" belongs to type \"expression\""},
    {SETTING("\"choices\":\"c\""), "settings.s: \"choices\" names \"c\", which the catalogue's"},
    {SETTING("\"requires\":\"t\""),
     "settings.s: \"requires\" names \"t\", which is no setting beside"},
    {SETTING("\"requires\":\"s\""), "settings.s: \"requires\" names the setting itself"},
    {SETTING("\"port\":\"t\""), "settings.s: \"port\" belongs to type \"url\""},
    {SETTING("\"type\":\"url\",\"port\":\"t\""),
     "settings.s: \"port\" names \"t\", which is no integer setting beside it"},
    {SETTING("\"type\":\"url\",\"port\":\"s\""),
     "settings.s: \"port\" names \"s\", which is no integer setting beside it"},
    {ENTITY("\"can\":[\"create\"],\"options\":[{\"name\":\"o\",\"choices\":\"c\"}]"),
     "entities.e.options.o: \"choices\" names \"c\""},
    {DOCUMENT("\"find\"", "\"changes\":\"snapshot\""), "\"changes\" tells about reading"},
    {DOCUMENT("\"find\"", "\"changes\":\"often\""), "\"changes\" must be one of marked, snapshot"},
    {DOCUMENT("\"find\"", "\"correct\":[\"total\"]"),
     "entities.e: \"correct\" needs create and find"},
    {DOCUMENT("\"find\",\"create\"", "\"correct\":\"total\""), "\"correct\" must be a list"},
    {DOCUMENT("\"find\",\"create\"", "\"correct\":[\"totl\"]"),
     "\"correct\" names \"totl\", which is no"},
    {DOCUMENT("\"find\",\"create\"", "\"correct\":[\"id\"]"), "names \"id\", which is no decimal"},
    {DOCUMENT("\"find\",\"create\"", "\"correct\":[\"lines.amount\"]"),
     "only a list, is written with []"},
    {DOCUMENT("\"find\",\"create\"", "\"correct\":[\"o[].amount\"]"),
     "only a list, is written with []"},
    {DOCUMENT("\"find\",\"create\"", "\"balance\":\"total\""), "\"balance\" is a sum, so"},
    {DOCUMENT("\"find\",\"create\"", "\"balance\":\"lines[].sum\""),
     "\"balance\" names \"lines[].sum\""},
    {DOCUMENT("\"find\",\"create\"", "\"balance\":\"lines[].text\""), "which is no decimal"},
    {DOCUMENT("\"find\",\"update\"", "\"editable\":{\"field\":\"id\"}"),
     "e.editable: needs \"field\" and"},
    {DOCUMENT("\"find\",\"update\"", "\"editable\":{\"field\":\"state\",\"values\":[\"1\"]}"),
     "\"editable\" names \"state\""},
    {DOCUMENT("\"find\",\"create\"", "\"editable\":{\"field\":\"id\",\"values\":[\"1\"]}"),
     "\"editable\" tells about updates"},
    {ENTITY("\"can\":[]"), "entities.e: \"can\" is empty"},
    {ENTITY("\"can\":[\"fly\"]"), "\"can\" holds \"fly\""},
    {ENTITY("\"can\":[\"read\"]"), "needs \"key\""},
    {ENTITY("\"can\":[\"find\"]"), "exactly when \"find\" lists fields"},
    {ENTITY("\"can\":[\"create\"],\"repeat\":\"lookup\""), "needs \"find\""},
    {ENTITY("\"can\":[\"read\",\"dry-run\"],\"key\":\"i\""), "needs create or update"},
    {ENTITY("\"can\":[\"read\"],\"key\":\"i\",\"fields\":[{\"name\":\"j\"}]"), "\"key\" names"},
    {ENTITY("\"can\":[\"create\"],\"batch\":{\"write\":0}"), "entities.e.batch: \"write\""},
    {ENTITY("\"can\":[\"create\"],\"batch\":{\"write\":2}"), "needs another \"repeat\""},
    {ENTITY("\"can\":[\"create\",\"find\"],\"find\":[\"i\"],\"repeat\":\"lookup\","
            "\"batch\":{\"write\":2}"),
     "needs \"find\" above 1"},
    {ENTITY("\"can\":[\"create\"],\"lag\":2"), "\"lag\" must be a duration"},
    {ENTITY("\"can\":[\"create\"],\"fields\":[{\"name\":\"a\"}],\"conditional\":\"b\""),
     "\"conditional\" names \"b\""},
    {ENTITY("\"can\":[\"create\"],\"link\":\"javascript:x//{id}\""), "\"link\" must be an http"},
    {ENTITY("\"can\":[\"create\"],\"link\":\"https://x.example/\""), "with \"{id}\" in it"},
    {ENTITY("\"can\":[\"create\"],\"link\":\"https://{id}.example/\""), "with \"{id}\" in it"},
    {ENTITY("\"can\":[\"create\",\"fetch\"]"), "need \"read\""},
    {"{\"title\":{\"nl\":\"Winkel\"}}", "must be there in English"},
    {"{\"title\":{\"en\":\"Shop\",\"dutch\":\"Winkel\"}}", "is no language of two letters"},
    {"{\"title\":{\"en\":\"Shop\",\"nl\":\"\"}}", "\"title\" in \"nl\" must be text"},
    {"{\"title\":\"T\",\"schema\":0}", "\"schema\" must be from 1"},
    {"{\"title\":\"T\",\"schema\":1,\"novelty\":1}", "unknown member \"novelty\""},
    {"{\"title\":\"T\",\"schema\":2,\"entities\":[{\"name\":\"e\",\"can\":[\"fly\"]}]}",
     "\"can\" is empty"},
    {"{\"title\":\"T\",\"schema\":2,\"entities\":[{\"name\":\"e\",\"can\":[\"create\"],"
     "\"repeat\":\"telepathy\"}]}",
     "\"repeat\" must be one of"},
    {"{\"title\":\"T\",\"functions\":[{\"name\":\"f\",\"of\":\"page\"}]}", "\"of\" must be"},
    {ENTITY("\"can\":[\"create\"],\"match\":{\"email\":\"mail\"}"), "\"find\" does not list"},
    {ENTITY("\"can\":[\"create\"],\"fields\":[{\"name\":\"a\",\"fields\":[]}]"), "belong to types"},
    {ENTITY("\"can\":[\"create\"],\"fields\":[{\"name\":\"a\",\"choices\":\"c\"}]"), "\"choices\""},
    {ENTITY(
         "\"can\":[\"create\"],\"fields\":[{\"name\":\"a\",\"type\":\"date\",\"values\":[\"c\"]}]"),
     "entities.e.fields.a: \"values\" belong to type \"text\""},
    {ENTITY("\"can\":[\"create\"],\"fields\":[{\"name\":\"a\",\"values\":[\"c\",\"c\"]}]"),
     "\"c\" twice"},
    {ENTITY("\"can\":[\"create\"],\"references\":[{\"name\":\"r\"}]"), "entities.e.references.r"},
    {ENTITY("\"can\":[\"create\"],\"references\":[{\"name\":\"r\",\"entity\":\"x\",\"from\":\"f\","
            "\"key\":\"k\",\"model\":\"m\"}]"),
     "unknown entity \"x\""},
    {FUNCTION("\"params\":[]"), "unknown member \"params\""},
    {FUNCTION("\"takes\":[\"money\"]"), "\"money\" is no type of a field"},
    {FUNCTION("\"gives\":\"money\""), "\"gives\" must be one of text"},
    {FUNCTION("\"of\":\"record\",\"gives\":\"text\""), "are for functions of values"},
    {FUNCTION("\"args\":[{\"name\":\"a\"},{\"name\":\"b\",\"required\":true}]"),
     "functions.f.args.b: it is required but follows an optional one"},
    {FUNCTION("\"args\":[{\"name\":\"a\"},{\"name\":\"a\"}]"), "stands here twice"},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"type\":\"list\"},{\"name\":\"b\"}]"), "follows a list"},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"type\":\"money\"}]"), "\"type\" must be one of"},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"type\":\"choice\"}]"), "which needs them"},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"values\":[\"x\"]}]"), "belong to type \"choice\""},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"type\":\"zone\",\"min\":1}]"), "\"min\" is for"},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"type\":\"integer\",\"min\":2,\"max\":1}]"),
     "leave nothing"},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"type\":\"integer\",\"max\":1,\"default\":2}]"),
     "functions.f.args.a: default: argument \"a\" is \"2\""},
    {FUNCTION("\"args\":[{\"name\":\"a\",\"required\":true,\"default\":\"x\"}]"),
     "no use for a default"},
    {FUNCTION("\"examples\":[{\"out\":1}]"), "functions.f.examples[0]: \"in\" is missing"},
    {FUNCTION("\"examples\":[{\"in\":1}]"), "exactly one of"},
    {FUNCTION("\"examples\":[{\"in\":1,\"out\":1,\"error\":\"x\"}]"), "exactly one of"},
    {FUNCTION("\"examples\":[{\"in\":1,\"skip\":\"x\"}]"), "belongs to functions of records"},
    {FUNCTION("\"examples\":[{\"in\":1,\"out\":1,\"args\":[1]}]"), "takes 0 arguments, not 1"},
    {"{\"title\":\"T\",\"oauth2\":{}}", "oauth2: needs \"grant\""},
    {"{\"title\":\"T\",\"oauth2\":{\"grant\":\"client_credentials\",\"token_url\":\"{u}\","
     "\"client_id\":\"c\"}}",
     "uses {u}, which is no setting"},
};

START_TEST(test_mistake)
{
    struct koppel_error err = {0};
    ck_assert_msg(!catalogue_parse(mistakes[_i].text, &err), "accepted: %s", mistakes[_i].text);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_msg(strstr(err.text, mistakes[_i].says) != NULL, "%s", err.text);
}
END_TEST

START_TEST(test_overlay)
{
    struct koppel_error err = {0};
    struct catalogue *base = catalogue_parse(books, &err);
    struct catalogue *c = catalogue_overlay(base,
        "{\"entities\":[{\"name\":\"debtor\","
        "\"fields\":[{\"name\":\"emailAddress\",\"wire\":\"eMail\"},"
        "{\"name\":\"phone\"}],\"batch\":{\"find\":2}}],\"concurrency\":null}", &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    const struct cat_entity *e = catalogue_entity(c, "debtor");
    ck_assert_str_eq(catalogue_field(e, "emailAddress")->wire, "eMail");
    ck_assert_ptr_nonnull(catalogue_field(e, "phone"));
    ck_assert_ptr_nonnull(catalogue_field(e, "lines[].vat"));
    ck_assert_int_eq(e->batch_find, 2);
    ck_assert_int_eq(c->concurrency, 2);
    ck_assert_str_eq(catalogue_field(catalogue_entity(base, "debtor"), "emailAddress")->wire,
                     "emailAddress");
    ck_assert_ptr_null(catalogue_overlay(base, "{\"entities\":[{\"name\":\"new\"}]}", &err));
    ck_assert_ptr_null(catalogue_overlay(base, "[]", &err));
    catalogue_free(c);
    catalogue_free(base);
}
END_TEST

START_TEST(test_newer_schema)
{
    struct koppel_error err = {0};
    struct catalogue *c = catalogue_parse(
        "{\"title\":{\"en\":\"Shop\",\"nl\":\"Winkel\"},\"schema\":7,\"novelty\":{\"x\":1},"
        "\"settings\":[{\"name\":\"url\",\"title\":{\"en\":\"Address\"},\"colour\":\"red\"}],"
        "\"entities\":[{\"name\":\"e\",\"can\":[\"create\",\"fly\"],\"lag\":\"2s\","
        "\"repeat\":\"upsert\",\"batch\":{\"write\":50,\"stream\":9}}]}", &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    ck_assert_int_eq(c->schema, 7);
    ck_assert_str_eq(c->title, "Shop");
    ck_assert_str_eq(c->settings[0].title, "Address");
    const json_t *title = json_object_get(c->json, "title");
    ck_assert_str_eq(catalogue_words(title, "nl"), "Winkel");
    ck_assert_str_eq(catalogue_words(title, "de"), "Shop");
    ck_assert_ptr_null(catalogue_words(json_object_get(c->json, "schema"), "en"));
    ck_assert_uint_eq(c->entities[0].can, CAN_CREATE); /* what it cannot ask for is nothing to it */
    ck_assert_int_eq(c->entities[0].lag_ms, 2000);
    ck_assert_int_eq(c->entities[0].batch_write, 50);
    ck_assert_int_eq(c->entities[0].batch_fetch, 1);
    catalogue_free(c);
}
END_TEST

START_TEST(test_roles)
{
    struct koppel_error err = {0};
    char path[64];
    struct catalogue *c = catalogue_parse(
        "{\"title\":\"T\",\"entities\":[{\"name\":\"e\",\"can\":[\"create\"],\"fields\":["
        "{\"name\":\"rows\",\"type\":\"list\",\"fields\":[{\"name\":\"amount\",\"role\":\"total\"},"
        "{\"name\":\"rate\",\"role\":\"vat_rate\"}]},"
        "{\"name\":\"who\",\"type\":\"object\",\"fields\":["
        "{\"name\":\"vat\",\"role\":\"vat_number\"}]},"
        "{\"name\":\"sum\",\"type\":\"decimal\",\"role\":\"total\"}]}]}", &err);
    ck_assert_msg(c != NULL, "%s", err.text);
    const struct cat_entity *e = &c->entities[0];
    /* the document's own comes before a line's, wherever it stands */
    ck_assert_str_eq(catalogue_role(e, "total", path, sizeof path)->name, "sum");
    ck_assert_str_eq(path, "sum");
    ck_assert_ptr_nonnull(catalogue_role(e, "vat_rate", path, sizeof path));
    ck_assert_str_eq(path, "rows[].rate");
    ck_assert_ptr_nonnull(catalogue_role(e, "vat_number", path, sizeof path));
    ck_assert_str_eq(path, "who.vat");
    ck_assert_ptr_null(catalogue_role(e, "colour", NULL, 0));
    catalogue_free(c);
}
END_TEST

UNIT_MAIN("catalogue")
{
    tcase_add_test(t, test_whole);
    tcase_add_test(t, test_change);
    tcase_add_test(t, test_settings);
    LOOP(test_mistake, mistakes);
    LOOP(test_arguments, arguments);
    tcase_add_test(t, test_argument_types);
    tcase_add_test(t, test_overlay);
    tcase_add_test(t, test_newer_schema);
    tcase_add_test(t, test_roles);
}
