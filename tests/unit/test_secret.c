/* SPDX-License-Identifier: MIT
 * Secrets: references, masking, sealing. */
#include "base/secret.h"
#include "unit.h"

#include <sys/wait.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[32]; /* of this test alone */

static void setup(void)
{
    ck_assert_int_eq(secret_start(NULL), 0);
    snprintf(dir, sizeof dir, "/tmp/koppel-secret-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void teardown(void)
{
    ck_assert_int_eq(chdir(dir), 0);
    unlink("s");
    unlink("key");
    unlink("beside");
    unlink("secret.key");
    unlink("koppel.key");
    ck_assert_int_eq(rmdir(dir), 0);
}

static void put_file(const char *name, const char *text, mode_t mode)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    ck_assert_int_eq(chmod(path, mode), 0);
}

static void check_resolves(const char *reference, const char *value)
{
    struct koppel_error err = {0};
    struct secret *s = NULL;

    ck_assert_msg(secret_resolve(reference, dir, &s, &err) == 0, "%s", err.text);
    ck_assert_str_eq(secret_text(s), value);
    ck_assert_uint_eq(secret_bytes(s), strlen(value));
    secret_free(s);
}

static void check_refuses(const char *reference, const char *says)
{
    struct koppel_error err = {0};
    struct secret *s = NULL;

    ck_assert_int_eq(secret_resolve(reference, dir, &s, &err), -1);
    ck_assert_ptr_null(s);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_msg(strstr(err.text, says) != NULL, "%s", err.text);
}

START_TEST(resolves_the_three_forms)
{
    setenv("KOPPEL_TEST_SECRET", "from-env", 1);
    setenv("CREDENTIALS_DIRECTORY", dir, 1);
    put_file("s", "from file\r\n\n", 0600);
    check_resolves("env:KOPPEL_TEST_SECRET", "from-env");
    check_resolves("file:s", "from file");
    check_resolves("credential:s", "from file");
}
END_TEST

/* systemd gives a credential to the service alone; a shell has the file it was loaded from. */
START_TEST(credentials_are_files_beside_it_where_nobody_gives_them)
{
    unsetenv("CREDENTIALS_DIRECTORY");
    put_file("beside", "from file\n", 0600);
    check_resolves("credential:beside", "from file");
    put_file("beside", "open to all\n", 0644);
    check_refuses("credential:beside", "0644");
    /* what is given is never replaced by what lies there */
    setenv("CREDENTIALS_DIRECTORY", "/nonexistent", 1);
    put_file("beside", "from file\n", 0600);
    check_refuses("credential:beside", "No such file");
}
END_TEST

START_TEST(the_key_of_a_service_is_the_key_file_of_a_shell)
{
    struct koppel_error err = {0};
    struct secret *key = NULL;
    char path[300];
    unsetenv("CREDENTIALS_DIRECTORY");
    snprintf(path, sizeof path, "%s/secret.key", dir);
    ck_assert_msg(secret_key_create(path, &err) == 0, "%s", err.text);
    ck_assert_msg(secret_key_load("credential:koppel.key", dir, &key, &err) == 0, "%s", err.text);
    secret_free(key);
    key = NULL;
    /* one under its own name goes before it, be it good or not */
    put_file("koppel.key", "no key\n", 0600);
    ck_assert_int_eq(secret_key_load("credential:koppel.key", dir, &key, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "64 hex digits"));
    setenv("CREDENTIALS_DIRECTORY", "/nonexistent", 1);
    ck_assert_int_eq(secret_key_load("credential:koppel.key", dir, &key, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
}
END_TEST

START_TEST(refuses_with_the_reference_and_never_the_value)
{
    unsetenv("CREDENTIALS_DIRECTORY");
    check_refuses("env:KOPPEL_NOT_SET", "env:KOPPEL_NOT_SET");
    check_refuses("credential:s", "CREDENTIALS_DIRECTORY");
    check_refuses("credential:../s", "no path");
    check_refuses("file:missing", "No such file");
    check_refuses("file:.", "regular");
    put_file("s", "open to all", 0640);
    check_refuses("file:s", "0640");
    put_file("s", "\n", 0600);
    check_refuses("file:s", "empty");
    check_refuses("env:", "must be given as");
    check_refuses("the-value-itself", "must be given as");
    ck_assert(secret_is_reference("env:X") && !secret_is_reference("env:") &&
              !secret_is_reference("plain") && !secret_is_reference(NULL));
}
END_TEST

START_TEST(masks_registered_values)
{
    char a[] = "x=pass word/1; pass word/1";
    char b[] = "q=pass%20word%2F1&r=pass%20word%2f1&s=pass+word%2F1";
    char c[] = "longer-secret-tail", d[] = "abc", e[] = "";

    mask_add("pass word/1");
    mask_add("pass word/1");
    mask_add("longer-secret");
    mask_add("longer-secret-tail");
    mask_add("abc");
    mask_add(NULL);
    mask_text(a);
    ck_assert_str_eq(a, "x=****; ****");
    mask_text(b);
    ck_assert_str_eq(b, "q=****&r=****&s=****");
    mask_text(c);
    ck_assert_str_eq(c, "****");
    mask_text(d);
    ck_assert_str_eq(d, "abc");
    mask_text(e);
    ck_assert_str_eq(e, "");
}
END_TEST

START_TEST(forgets_what_every_owner_gave_back)
{
    int before = mask_count();
    char a[] = "worn-out token", b[] = "worn-out token", c[] = "worn%2Dout%20token worn-out+token";
    mask_add("worn-out token");
    mask_add("worn-out token");
    mask_forget("worn-out token");
    mask_text(a);
    ck_assert_str_eq(a, "****");
    mask_text(c);
    ck_assert_str_eq(c, "worn%2Dout%20token ****");
    mask_forget("worn-out token");
    mask_text(b);
    ck_assert_str_eq(b, "worn-out token");
    ck_assert_int_eq(mask_count(), before);
    mask_forget("never added");
    mask_forget(NULL);
    ck_assert_int_eq(mask_count(), before);
}
END_TEST

START_TEST(keeps_the_first_masks_when_tokens_come_and_go)
{
    char first[] = "first-value", last[] = "token-2999", text[32];

    mask_add("first-value");
    for (int i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "token-%d", i);
        mask_add(text);
    }
    mask_text(first);
    ck_assert_str_eq(first, "****");
    mask_text(last);
    ck_assert_str_eq(last, "****");
}
END_TEST

static int compare_draws(const void *a, const void *b)
{
    return memcmp(a, b, 24);
}

START_TEST(seals_and_unseals)
{
    struct koppel_error err = {0};
    struct secret *key = NULL, *other = secret_new("0123456789abcdef0123456789abcdef", 32);
    unsigned char sealed[5 + SECRET_SEAL_OVERHEAD], again[sizeof sealed];
    char path[256], plain[6] = "";
    struct stat st;

    snprintf(path, sizeof path, "%s/key", dir);
    ck_assert_int_eq(secret_key_create(path, &err), 0);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(secret_key_create(path, &err), -1);
    ck_assert_int_eq(secret_key_load("file:key", dir, &key, &err), 0);
    ck_assert_uint_eq(secret_bytes(key), SECRET_KEY_BYTES);
    secret_seal(key, "hello", 5, sealed);
    secret_seal(key, "hello", 5, again);
    ck_assert_mem_ne(sealed, again, sizeof sealed);
    ck_assert_int_eq(secret_unseal(key, sealed, sizeof sealed, plain), 0);
    ck_assert_str_eq(plain, "hello");
    ck_assert_int_eq(secret_unseal(other, sealed, sizeof sealed, plain), -1);
    sealed[30] ^= 1;
    ck_assert_int_eq(secret_unseal(key, sealed, sizeof sealed, plain), -1);
    ck_assert_int_eq(secret_unseal(key, sealed, 10, plain), -1);
    secret_free(key);
    secret_free(other);
}
END_TEST

/* A nonce that is given out twice would open what it seals: over many draws, and over a fork. */
START_TEST(draws_nothing_twice)
{
    enum { BYTES = 24, DRAWS = 2000 };
    static unsigned char drawn[DRAWS][BYTES], child[BYTES];
    unsigned char longest[5000] = {0};
    int fds[2], status;
    for (int i = 0; i < DRAWS; i++)
        secret_draw(drawn[i], BYTES);
    qsort(drawn, DRAWS, BYTES, compare_draws);
    for (int i = 1; i < DRAWS; i++)
        ck_assert_mem_ne(drawn[i - 1], drawn[i], BYTES);
    secret_draw(longest, sizeof longest);
    ck_assert(!sodium_is_zero(longest + sizeof longest - BYTES, BYTES));
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        secret_draw(child, BYTES);
        _exit(write(fds[1], child, BYTES) == BYTES ? 0 : 1);
    }
    secret_draw(drawn[0], BYTES);
    ck_assert_int_eq(read(fds[0], child, BYTES), BYTES);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    ck_assert_mem_ne(child, drawn[0], BYTES);
    close(fds[0]);
    close(fds[1]);
}
END_TEST

START_TEST(refuses_a_key_that_is_none)
{
    struct koppel_error err = {0};
    struct secret *key = NULL;

    put_file("s", "0123", 0600);
    ck_assert_int_eq(secret_key_load("file:s", dir, &key, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "64 hex digits"));
    ck_assert_ptr_null(strstr(err.text, "0123"));
    put_file("s", "zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 0600);
    ck_assert_int_eq(secret_key_load("file:s", dir, &key, &err), -1);
}
END_TEST

UNIT_MAIN("secret")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, resolves_the_three_forms);
    tcase_add_test(t, credentials_are_files_beside_it_where_nobody_gives_them);
    tcase_add_test(t, the_key_of_a_service_is_the_key_file_of_a_shell);
    tcase_add_test(t, refuses_with_the_reference_and_never_the_value);
    tcase_add_test(t, masks_registered_values);
    tcase_add_test(t, forgets_what_every_owner_gave_back);
    tcase_add_test(t, keeps_the_first_masks_when_tokens_come_and_go);
    tcase_add_test(t, seals_and_unseals);
    tcase_add_test(t, draws_nothing_twice);
    tcase_add_test(t, refuses_a_key_that_is_none);
}
