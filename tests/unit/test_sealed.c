/* SPDX-License-Identifier: MIT
 * Secrets as files: opened by their key and name alone. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/sealed.h"

static struct secret *key_of(char letter)
{
    char bytes[SECRET_KEY_BYTES];
    memset(bytes, letter, sizeof bytes);
    return secret_new(bytes, sizeof bytes);
}

START_TEST(a_secret_comes_back)
{
    struct secret *key = key_of('k'), *out = NULL;
    struct koppel_error err = {0};
    char *text = sealed_make(key, "till-secret", "geheim", 6);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_null(strstr(text, "geheim"));
    ck_assert_int_eq(sealed_open(key, "till-secret", text, strlen(text), &out, &err), 0);
    ck_assert_str_eq(secret_text(out), "geheim");
    secret_free(out);
    secret_free(key);
    free(text);
}
END_TEST

START_TEST(the_same_secret_is_the_same_file)
{
    struct secret *key = key_of('k');
    char *a = sealed_make(key, "a", "x", 1), *again = sealed_make(key, "a", "x", 1);
    char *other = sealed_make(key, "a", "y", 1), *named = sealed_make(key, "b", "x", 1);
    ck_assert_str_eq(a, again);
    ck_assert_str_ne(a, other);
    ck_assert_str_ne(a, named);
    free(a);
    free(again);
    free(other);
    free(named);
    secret_free(key);
}
END_TEST

START_TEST(another_key_or_name_opens_nothing)
{
    struct secret *key = key_of('k'), *other = key_of('o'), *out = NULL;
    struct koppel_error err = {0};
    char *text = sealed_make(key, "a", "geheim", 6);
    ck_assert_int_eq(sealed_open(other, "a", text, strlen(text), &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "sealed:a"));
    ck_assert_int_eq(sealed_open(key, "b", text, strlen(text), &out, &err), -1);
    ck_assert_ptr_null(out);
    secret_free(key);
    secret_free(other);
    free(text);
}
END_TEST

START_TEST(what_was_damaged_is_refused)
{
    struct secret *key = key_of('k'), *out = NULL;
    char *text = sealed_make(key, "a", "geheim", 6);
    size_t bytes = strlen(text);
    for (size_t i = 0; i < bytes; i++) { /* cut anywhere */
        struct koppel_error err = {0};
        if (i == bytes - 1)
            continue; /* the line break behind it */
        ck_assert_int_eq(sealed_open(key, "a", text, i, &out, &err), -1);
        ck_assert_ptr_null(out);
    }
    for (size_t i = 0; i < bytes - 1; i++) { /* one letter is another */
        struct koppel_error err = {0};
        char was = text[i];
        text[i] = was == 'A' ? 'B' : 'A';
        ck_assert_int_eq(sealed_open(key, "a", text, bytes, &out, &err), -1);
        text[i] = was;
    }
    secret_free(key);
    free(text);
}
END_TEST

START_TEST(names_are_names_of_files)
{
    ck_assert_str_eq(sealed_name("sealed:till-secret_2.x"), "till-secret_2.x");
    ck_assert_ptr_null(sealed_name("sealed:"));
    ck_assert_ptr_null(sealed_name("sealed:../key"));
    ck_assert_ptr_null(sealed_name("sealed:a/b"));
    ck_assert_ptr_null(sealed_name("sealed:.hidden"));
    ck_assert_ptr_null(sealed_name("env:NAME"));
    ck_assert_ptr_null(sealed_name(NULL));
    ck_assert(secret_is_reference("sealed:a"));
}
END_TEST

UNIT_MAIN("sealed")
{
    tcase_add_test(t, a_secret_comes_back);
    tcase_add_test(t, the_same_secret_is_the_same_file);
    tcase_add_test(t, another_key_or_name_opens_nothing);
    tcase_add_test(t, what_was_damaged_is_refused);
    tcase_add_test(t, names_are_names_of_files);
}
