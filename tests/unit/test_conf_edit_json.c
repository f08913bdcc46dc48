/* SPDX-License-Identifier: MIT
 * Values of a configuration as JSON and back (config/conf_edit_json.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_read.h"
#include "config/conf_edit_json.h"

static char dir[] = "/tmp/koppel-edit-json-XXXXXX";

/* The tree of a file with this text; files is ended by the caller. */
static struct conf_edit_node *tree_of(struct conf_edit_files *files, const char *text)
{
    struct koppel_error err = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/x.conf", dir);
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(text, out), 0);
    fclose(out);
    *files = (struct conf_edit_files){.dir = dir};
    struct conf_edit_node *root = conf_edit_tree_read(files, path, &err);
    ck_assert_msg(root != NULL, "%s", err.text);
    return root;
}

static json_t *json_of(const char *text)
{
    struct conf_edit_files files;
    struct conf_edit_node *root = tree_of(&files, text);
    json_t *out = conf_edit_json(root);
    conf_edit_tree_free(root);
    conf_edit_files_done(&files);
    ck_assert_ptr_nonnull(out);
    return out;
}

START_TEST(a_file_is_read_as_json)
{
    json_t *got = json_of("name = \"a\" \"b\";  # two texts\n"
                          "on = TRUE; n = -7; big = 5000000000L; f = 1.50;\n"
                          "list = ( { to = \"x\"; via = [ \"trim\" ]; }, 3 );\n"
                          "empty = ( ); none = { };\n");
    json_t *want = json_read_text("{\"name\":\"ab\",\"on\":true,\"n\":-7,\"big\":5000000000,"
                                  "\"f\":\"1.50\",\"list\":[{\"to\":\"x\",\"via\":[\"trim\"]},3],"
                                  "\"empty\":[],\"none\":{}}", NULL);
    ck_assert(json_equal(got, want));
    json_decref(got);
    json_decref(want);
}
END_TEST

START_TEST(what_is_written_reads_back_as_it_was)
{
    static const char *const values[] = {
        "\"\"", "\"a \\\"b\\\" \\\\ c\\n\\té\"", "\"1042\"", "\"true\"", "7", "-1", "5000000000",
        "true", "false", "[]", "{}", "[\"a\",\"b\"]", "[1,\"a\",true]", "[[\"a\"],[]]",
        "{\"to\":\"x\",\"from\":[\"a\",\"b\"],\"join\":\" x \"}",
        "[{\"field\":\"total_incl\",\"more\":\"0.50\"},"
        "{\"any\":[{\"field\":\"a\",\"has\":true},{\"field\":\"b\",\"in\":[\"1\"]}]}]",
        "{\"to\":\"lines\",\"each\":\"lines\",\"map\":["
        "{\"to\":\"a-long-name-of-a-field\",\"from\":\"another-long-name\"},"
        "{\"to\":\"b-long-name-of-a-field\",\"from\":\"another-long-name\","
        "\"when\":[{\"field\":\"x\",\"is\":\"\"}]}]}"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct koppel_error err = {0};
        char wrapped[2048], file[4096];
        snprintf(wrapped, sizeof wrapped, "{\"v\":%s}", values[i]);
        json_t *want = json_read_text(wrapped, NULL);
        ck_assert_msg(want != NULL, "%s", wrapped);
        char *text = conf_edit_json_text(json_object_get(want, "v"), &err);
        ck_assert_msg(text != NULL, "%s: %s", values[i], err.text);
        snprintf(file, sizeof file, "v = %s;\n", text);
        json_t *got = json_of(file);
        ck_assert_msg(json_equal(got, want), "%s came back from %s", values[i], file);
        json_decref(got);
        json_decref(want);
        free(text);
    }
}
END_TEST

START_TEST(what_libconfig_has_nothing_for_is_refused)
{
    static const char *const values[] = {"null", "[null]", "{\"a b\":1}", "{\"\":1}",
                                         "{\"1a\":1}", "{\"a\":null}",
                                         "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", "{\"a;b=1\":2}"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct koppel_error err = {0};
        char wrapped[256];
        snprintf(wrapped, sizeof wrapped, "{\"v\":%s}", values[i]);
        json_t *given = json_read_text(wrapped, NULL);
        char *text = conf_edit_json_text(json_object_get(given, "v"), &err);
        ck_assert_msg(!text && err.kind == KOPPEL_E_REJECTED, "%s became %s", values[i],
                      text ? text : "");
        json_decref(given);
    }
    json_t *nul = json_stringn("a\0b", 3);
    struct koppel_error err = {0};
    ck_assert_ptr_null(conf_edit_json_text(nul, &err));
    json_decref(nul);
}
END_TEST

START_TEST(lines_tell_where_things_stand)
{
    struct conf_edit_files files;
    struct conf_edit_node *root =
        tree_of(&files, "# comment\nname = \"a\";\n\nreferences = {\n  customer = {\n"
                        "    match = [ \"email\" ];\n  };\n};\n"
                        "map = (\n  { to = \"x\"; },\n  { to = \"y\"; }\n);\n");
    json_t *lines = conf_edit_json_lines(root);
    ck_assert_int_eq(json_integer_value(json_object_get(lines, "name")), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(lines, "references/customer")), 5);
    ck_assert_int_eq(json_integer_value(json_object_get(lines, "references/customer/match")),
                     6);
    ck_assert_int_eq(json_integer_value(json_object_get(lines, "map/1")), 11);
    json_decref(lines);
    conf_edit_tree_free(root);
    conf_edit_files_done(&files);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("conf_edit_json");
    TCase *c = tcase_create("all");
    char path[128];
    if (!mkdtemp(dir))
        return 1;
    tcase_add_test(c, a_file_is_read_as_json);
    tcase_add_test(c, what_is_written_reads_back_as_it_was);
    tcase_add_test(c, what_libconfig_has_nothing_for_is_refused);
    tcase_add_test(c, lines_tell_where_things_stand);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    snprintf(path, sizeof path, "%s/x.conf", dir);
    unlink(path);
    rmdir(dir);
    return failed ? 1 : 0;
}
