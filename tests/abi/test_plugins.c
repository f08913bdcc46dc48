/* SPDX-License-Identifier: MIT
 * The loader against plugins that are right, older, newer, and wrong in one way each. They lie in
 * the directory that KOPPEL_TEST_PLUGINS names (built from tests/abi/plugins). */
#include "connection/host.h"
#include "plugin/plugins.h"
#include "plugin/plugins_function.h"
#include "plugin/plugins_names.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *plugin_dir;

static struct plugins *open_dir(void)
{
    const char *dirs[] = {plugin_dir, NULL};
    struct koppel_error err = {0};
    struct plugins *p = plugins_new(dirs, &host_table, &err);
    ck_assert_msg(p != NULL, "%s", err.text);
    return p;
}

static const struct {
    const char *name, *says;
} refused[] = {
    {"undefined_symbol", "undefined symbol: nobody_has_this_function"},
    {"no_entry", "expected the symbol koppel_plugin_entry, found none"},
    {"wrong_magic", "expected magic 0x4b504c31, found 0x12345678"},
    {"wrong_major", "expected ABI version 1, found 2"},
    {"wrong_kind", "expected kind 1 (connector) or 2 (transform), found 7"},
    {"wrong_name", "expected the name \"wrong_name\", as its file, found \"another\""},
    {"broken_catalogue", "unknown member \"entitties\""},
    {"missing_op", "expected the connector function read"},
    {"missing_fetch", "expected the connector function fetch"},
    {"missing_record", "expected the transform function record (for \"f\" of its catalogue)"},
    {"missing_release", "expected the transform function release (it has prepare)"},
};

START_TEST(test_refused)
{
    struct plugins *p = open_dir();
    struct koppel_error err = {0};
    ck_assert_ptr_null(plugins_load(p, refused[_i].name, &err));
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_msg(strstr(err.text, refused[_i].says) != NULL, "%s", err.text);
    char file[128];
    snprintf(file, sizeof(file), "/%s.so", refused[_i].name);
    ck_assert_msg(strstr(err.text, file) != NULL, "no path: %s", err.text);
    plugins_free(p);
}
END_TEST

START_TEST(test_good)
{
    struct plugins *p = open_dir();
    struct koppel_error err = {0};
    const struct plugin *good = plugins_load(p, "good", &err);
    ck_assert_msg(good != NULL, "%s", err.text);
    ck_assert_ptr_eq(plugins_load(p, "good", &err), good);
    ck_assert_ptr_eq(plugins_load(p, good->path, &err), good);
    ck_assert_int_eq(good->path[0], '/');
    ck_assert_ptr_null(good->turn);
    ck_assert_ptr_nonnull(catalogue_entity(good->catalogue, "thing"));
    plugins_free(p);
}
END_TEST

START_TEST(test_older_and_newer)
{
    struct plugins *p = open_dir();
    struct koppel_error err = {0};
    const struct plugin *old = plugins_load(p, "smaller", &err);
    ck_assert_msg(old != NULL, "%s", err.text);
    ck_assert_ptr_nonnull(old->connector.read);
    ck_assert_ptr_null(old->connector.find);
    ck_assert_ptr_null(old->connector.choices);
    ck_assert_ptr_null(old->entry.transform);
    const struct plugin *new = plugins_load(p, "larger", &err);
    ck_assert_msg(new != NULL, "%s", err.text);
    ck_assert_ptr_nonnull(new->connector.read);
    ck_assert_ptr_null(new->connector.find);
    ck_assert_ptr_nonnull(new->turn);
    plugins_free(p);
}
END_TEST

START_TEST(test_not_there)
{
    struct plugins *p = open_dir();
    struct koppel_error err = {0};
    ck_assert_ptr_null(plugins_load(p, "nowhere", &err));
    ck_assert_msg(strstr(err.text, "no nowhere.so in ") != NULL, "%s", err.text);
    ck_assert_ptr_null(plugins_load(p, "./nowhere.so", &err));
    ck_assert_ptr_null(plugins_load(p, "../evil name", &err));
    ck_assert_ptr_null(plugins_load(p, "evil name", &err));
    plugins_free(p);
}
END_TEST

START_TEST(test_names)
{
    struct plugins *p = open_dir();
    int count = 0, seen = 0;
    char **names = plugins_names(p, &count);
    for (int i = 0; i < count; i++) {
        seen += strcmp(names[i], "good") == 0;
        if (i)
            ck_assert_int_lt(strcmp(names[i - 1], names[i]), 0);
    }
    ck_assert_int_eq(seen, 1);
    plugins_names_free(names, count);
    const struct plugin *owner;
    uint32_t function;
    struct koppel_error err = {0};
    ck_assert_int_eq(plugins_function(p, "no-such-function", &owner, &function, &err), -1);
    ck_assert_int_eq(plugins_function(p, "good.trim", &owner, &function, &err), -1);
    plugins_free(p);
}
END_TEST

/* Names that are wrong, and the nearest right one. */
START_TEST(test_unknown_functions)
{
    static const struct {
        const char *name, *says;
    } rows[] = {
        {"prepared.sya", "has no function \"sya\"; did you mean \"prepared.say\"?"},
        {"prepaerd.say", "did you mean \"prepared.say\"?"},
        {"sya", "unknown function \"sya\"; did you mean \"say\"?"},
        {"good.say", "plugin \"good\" is a connector; it has no functions"},
        {"rather-far-from-all", "`koppel plugins` lists them"},
    };
    struct plugins *p = open_dir();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct plugin *owner;
        uint32_t function;
        struct koppel_error err = {0};
        ck_assert_int_eq(plugins_function(p, rows[i].name, &owner, &function, &err), -1);
        ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
        ck_assert_msg(strstr(err.text, rows[i].says) != NULL, "%s: %s", rows[i].name, err.text);
    }
    plugins_free(p);
}
END_TEST

static int call_make(struct plugins *p, const char *word, struct plugins_call *call,
                     struct koppel_error *err)
{
    json_t *args = json_pack("[s]", word);
    memset(call, 0, sizeof *call);
    int rc = plugins_call_make(p, "prepared.say", args, call, err);
    json_decref(args);
    return rc;
}

/* What a plugin makes of the arguments comes with every call, and is freed with them. */
START_TEST(test_prepared)
{
    struct plugins *p = open_dir();
    struct koppel_error err = {0};
    struct plugins_call hello, bye;
    json_t *value = json_string("well"), *out = NULL;
    ck_assert_msg(call_make(p, "hello", &hello, &err) == 0, "%s", err.text);
    ck_assert_msg(call_make(p, "bye", &bye, &err) == 0, "%s", err.text);
    for (int i = 0; i < 2; i++) {
        const struct plugins_call *call = i == 0 ? &hello : &bye;
        ck_assert_msg(host_convert(call, value, NULL, &out, &err) == 0, "%s", err.text);
        ck_assert_str_eq(json_string_value(out), i == 0 ? "well hello!" : "well bye!");
        json_decref(out);
    }
    plugins_call_done(&hello);
    plugins_call_done(&bye);
    ck_assert_int_eq(call_make(p, "wrong", &hello, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_str_eq(err.text, "function \"say\": \"wrong\" is no word to say");
    plugins_call_done(&hello);
    ck_assert_int_eq(call_make(p, "bad", &hello, &err), -1);
    ck_assert_str_eq(err.reason, "plugin.no_reason");
    plugins_call_done(&hello);
    json_decref(value);
    plugins_free(p);
}
END_TEST

static void copy_file(const char *from, const char *to)
{
    char block[4096];
    size_t n;
    FILE *in = fopen(from, "rbe"), *out = fopen(to, "wbe");
    ck_assert(in && out);
    while ((n = fread(block, 1, sizeof(block), in)) > 0)
        ck_assert_uint_eq(fwrite(block, 1, n, out), n);
    fclose(in);
    ck_assert_int_eq(fclose(out), 0);
}

/* A plugin that everyone may change is refused, wherever the permission is. */
START_TEST(test_writable)
{
    char dir[] = "/tmp/koppel-test-XXXXXX", file[64], sub[64], nested[96];
    char good[4096];
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(file, sizeof(file), "%s/good.so", dir);
    snprintf(sub, sizeof(sub), "%s/good", dir);
    snprintf(nested, sizeof(nested), "%s/good.so", sub);
    const char *dirs[] = {dir, NULL};
    struct koppel_error err = {0};
    struct plugins *p = plugins_new(dirs, &host_table, &err);
    struct plugins *source = open_dir();
    snprintf(good, sizeof(good), "%s", plugins_load(source, "good", &err)->path);
    copy_file(good, file);
    ck_assert_int_eq(chmod(file, 0666), 0);
    ck_assert_ptr_null(plugins_load(p, "good", &err));
    ck_assert_msg(strstr(err.text, "by everyone, found mode 0666") != NULL, "%s", err.text);
    ck_assert_int_eq(chmod(file, 0644), 0);
    ck_assert_int_eq(chmod(dir, 0777), 0);
    ck_assert_ptr_null(plugins_load(p, "good", &err));
    ck_assert_msg(strstr(err.text, "directory") != NULL, "%s", err.text);
    ck_assert_int_eq(chmod(dir, 0700), 0);
    /* the form of a build directory: DIR/NAME/NAME.so */
    ck_assert_int_eq(mkdir(sub, 0700), 0);
    ck_assert_int_eq(rename(file, nested), 0);
    ck_assert_msg(plugins_load(p, "good", &err) != NULL, "%s", err.text);
    unlink(nested);
    rmdir(sub);
    rmdir(dir);
    plugins_free(source);
    plugins_free(p);
}
END_TEST

int main(void)
{
    plugin_dir = getenv("KOPPEL_TEST_PLUGINS");
    if (!plugin_dir) {
        fprintf(stderr, "skipped: KOPPEL_TEST_PLUGINS names no directory\n");
        return 77;
    }
    Suite *suite = suite_create("loader");
    TCase *tests = tcase_create("loader");
    tcase_add_loop_test(tests, test_refused, 0, (int)(sizeof(refused) / sizeof(refused[0])));
    tcase_add_test(tests, test_good);
    tcase_add_test(tests, test_older_and_newer);
    tcase_add_test(tests, test_not_there);
    tcase_add_test(tests, test_names);
    tcase_add_test(tests, test_unknown_functions);
    tcase_add_test(tests, test_prepared);
    tcase_add_test(tests, test_writable);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
