/* SPDX-License-Identifier: MIT
 * Log lines: fields, quoting, masking, the journal, and lines of many threads. */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mask.h"
#include "unit.h"

#define TEXT_BYTES 16384

/* Standard error goes to a file without a name, until lines_end. */
static int kept, file;

static void lines_begin(void)
{
    char name[] = "/tmp/koppel-log-XXXXXX";
    fflush(stderr);
    kept = dup(STDERR_FILENO);
    file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    unlink(name);
    ck_assert_int_eq(dup2(file, STDERR_FILENO), STDERR_FILENO);
    clock_fix(INT64_C(1795763433123)); /* 2026-11-27T07:10:33.123Z */
}

static const char *lines_end(void)
{
    static char text[TEXT_BYTES];
    dup2(kept, STDERR_FILENO);
    ssize_t n = pread(file, text, sizeof text - 1, 0);
    ck_assert_int_ge(n, 0);
    text[n] = '\0';
    close(file);
    close(kept);
    clock_fix(0);
    return text;
}

START_TEST(a_line_has_its_fields_in_order)
{
    lines_begin();
    log_warning(LOG_ABOUT(.job = "orders/3/1024", .flow = "orders", .connection = "books",
                          .event = "parked", .reason = "map.unmapped", .count = 41),
                "%d records are parked", 41);
    log_info(NULL, "plain");
    ck_assert_str_eq(lines_end(),
                     "time=2026-11-27T07:10:33.123Z level=warning event=parked flow=orders "
                     "connection=books job=orders/3/1024 reason=map.unmapped count=41 "
                     "msg=\"41 records are parked\"\n"
                     "time=2026-11-27T07:10:33.123Z level=info msg=plain\n");
}
END_TEST

START_TEST(what_is_nothing_has_no_field)
{
    lines_begin();
    log_info(LOG_ABOUT(.event = "run", .flow = "", .reason = ""), "%s", "");
    ck_assert_str_eq(lines_end(), "time=2026-11-27T07:10:33.123Z level=info event=run msg=\"\"\n");
}
END_TEST

static const struct {
    const char *said, *shown;
} texts[] = {
    {"two words", "\"two words\""},
    {"a=b", "\"a=b\""},
    {"he said \"no\" and \\", "\"he said \\\"no\\\" and \\\\\""},
    {"one\ntime=x level=error\r", "\"one\\u000atime=x level=error\\u000d\""},
    {"\x1b[31mred", "\"\\u001b[31mred\""},
    {"abc\xe2\x80\xae" "cba", "\"abc\\u202ecba\""},
    {"half \xc3", "\"half \xef\xbf\xbd\""},
    {"caf\xc3\xa9", "\"caf\xc3\xa9\""},
};

START_TEST(any_text_stays_on_its_line)
{
    char line[256];
    lines_begin();
    log_error(NULL, "%s", texts[_i].said);
    snprintf(line, sizeof line, "time=2026-11-27T07:10:33.123Z level=error msg=%s\n",
             texts[_i].shown);
    ck_assert_str_eq(lines_end(), line);
}
END_TEST

START_TEST(as_json_each_line_is_an_object)
{
    lines_begin();
    log_set_form(LOG_JSON);
    log_warning(LOG_ABOUT(.event = "parked", .flow = "orders \"x\"", .count = 2), "%s",
                texts[_i].said);
    log_set_form(LOG_LOGFMT);
    const char *text = lines_end();
    ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
    json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(json_string_value(json_object_get(line, "time")), "2026-11-27T07:10:33.123Z");
    ck_assert_str_eq(json_string_value(json_object_get(line, "level")), "warning");
    ck_assert_str_eq(json_string_value(json_object_get(line, "flow")), "orders \"x\"");
    ck_assert_int_eq(json_integer_value(json_object_get(line, "count")), 2);
    if (!strstr(texts[_i].said, "\xc3") || strstr(texts[_i].said, "\xa9"))
        ck_assert_str_eq(json_string_value(json_object_get(line, "msg")), texts[_i].said);
    ck_assert_ptr_null(json_object_get(line, "connection"));
    json_decref(line);
}
END_TEST

START_TEST(secrets_are_masked_in_every_field)
{
    lines_begin();
    mask_add("se\"cret\none");
    log_error(LOG_ABOUT(.reason = "se\"cret\none"), "it was se\"cret\none there");
    mask_forget("se\"cret\none");
    ck_assert_str_eq(lines_end(), "time=2026-11-27T07:10:33.123Z level=error reason=**** "
                                  "msg=\"it was **** there\"\n");
}
END_TEST

static const struct said {
    const char *text, *shown;
} said[] = {
    {"it says: \u00abJansen, jan@x.nl\u00bb; log in", "it says: \u00ab\u2026\u00bb; log in"},
    {"\u00aba\u00bb and \u00abJansen\u00bb", "\u00ab\u2026\u00bb"},
    {"it says: \u00abit was \u00bb Jansen \u00ab\u00bb.", "it says: \u00ab\u2026\u00bb."},
    {"it says: \u00abJansen was cut", "it says: \u00ab\u2026"},
    {"it says: \u00abab\u00bb", "it says: \u00ab\u00bb"},
    {"it says: \u00ab\u00bb", "it says: \u00ab\u00bb"},
    {"it says: \u00ab", "it says: \u00ab"},
    {"Jansen\u00bb", "Jansen\u00bb"},
    {"nothing", "nothing"},
};

START_TEST(x11_words_of_a_peer_are_left_out)
{
    char text[200];
    snprintf(text, sizeof text, "%s", said[_i].text);
    mask_words(text);
    ck_assert_str_eq(text, said[_i].shown);
    lines_begin();
    log_warning(NULL, "%s", said[_i].text);
    ck_assert_ptr_null(strstr(lines_end(), "Jansen,"));
}
END_TEST

START_TEST(a_line_below_the_level_is_none_and_errno_stays)
{
    lines_begin();
    log_set_level(LOG_WARNING);
    errno = ENOENT;
    log_info(NULL, "no");
    log_warning(NULL, "yes");
    ck_assert_int_eq(errno, ENOENT);
    log_set_level(LOG_INFO);
    ck_assert_str_eq(lines_end(), "time=2026-11-27T07:10:33.123Z level=warning msg=yes\n");
}
END_TEST

/* systemd names device and inode of the stream that it gave; a pipe behind it is none of it. */
START_TEST(the_journal_gets_priorities_and_no_time)
{
    static const char *const lines[] = {"<3>level=error msg=e\n<4>level=warning msg=w\n"
                                        "<6>level=info msg=i\n<7>level=debug msg=d\n",
                                        "<3>{\"level\":\"error\",\"msg\":\"e\"}\n"
                                        "<4>{\"level\":\"warning\",\"msg\":\"w\"}\n"
                                        "<6>{\"level\":\"info\",\"msg\":\"i\"}\n"
                                        "<7>{\"level\":\"debug\",\"msg\":\"d\"}\n"};
    struct stat st;
    char stream[64];
    lines_begin();
    ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_set_form(_i == 0 ? LOG_LOGFMT : LOG_JSON);
    log_set_level(LOG_DEBUG);
    log_error(NULL, "e");
    log_warning(NULL, "w");
    log_info(NULL, "i");
    log_debug(NULL, "d");
    ck_assert_str_eq(log_priority(LOG_ERROR), "<3>");
    log_set_level(LOG_INFO);
    ck_assert_str_eq(lines_end(), lines[_i]);
    lines_begin();
    ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino + 1);
    setenv("JOURNAL_STREAM", stream, 1); /* standard error leads elsewhere */
    log_set_form(LOG_LOGFMT);
    unsetenv("JOURNAL_STREAM");
    log_info(NULL, "i");
    ck_assert_str_eq(log_priority(LOG_ERROR), "");
    ck_assert_str_eq(lines_end(), "time=2026-11-27T07:10:33.123Z level=info msg=i\n");
}
END_TEST

START_TEST(a_progress_bar_is_wiped_before_a_line)
{
    lines_begin();
    log_over_bar(true);
    log_info(NULL, "i");
    log_over_bar(false);
    ck_assert_str_eq(lines_end(), "\r\033[Ktime=2026-11-27T07:10:33.123Z level=info msg=i\n");
}
END_TEST

#define THREADS 8
#define LINES 60
#define LONG 9000 /* beyond what a pipe takes in one piece */

static void *talk(void *arg)
{
    char text[LONG + 1];
    memset(text, *(char *)arg, LONG);
    text[LONG] = '\0';
    for (int i = 0; i < LINES; i++)
        log_info(NULL, "%s", text);
    return NULL;
}

START_TEST(lines_of_many_threads_stay_whole)
{
    pthread_t threads[THREADS];
    char names[THREADS];
    int pipe_fds[2], whole = 0;
    fflush(stderr);
    int before = dup(STDERR_FILENO);
    ck_assert_int_eq(pipe(pipe_fds), 0);
    ck_assert_int_eq(dup2(pipe_fds[1], STDERR_FILENO), STDERR_FILENO);
    close(pipe_fds[1]);
    for (int i = 0; i < THREADS; i++) {
        names[i] = (char)('a' + i);
        ck_assert_int_eq(pthread_create(&threads[i], NULL, talk, &names[i]), 0);
    }
    FILE *in = fdopen(pipe_fds[0], "r");
    char *line = NULL;
    size_t room = 0;
    for (int i = 0; i < THREADS * LINES && getline(&line, &room, in) > 0; i++) {
        const char *text = strstr(line, " msg=");
        const char letter[] = {text ? text[5] : ' ', '\0'};
        whole += text && strlen(text + 5) == LONG + 1 && strspn(text + 5, letter) == LONG;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    dup2(before, STDERR_FILENO);
    close(before);
    fclose(in);
    free(line);
    ck_assert_int_eq(whole, THREADS * LINES);
}
END_TEST

UNIT_MAIN("log")
{
    tcase_add_test(t, a_line_has_its_fields_in_order);
    tcase_add_test(t, what_is_nothing_has_no_field);
    LOOP(any_text_stays_on_its_line, texts);
    LOOP(as_json_each_line_is_an_object, texts);
    tcase_add_test(t, secrets_are_masked_in_every_field);
    LOOP(x11_words_of_a_peer_are_left_out, said);
    tcase_add_test(t, a_line_below_the_level_is_none_and_errno_stays);
    tcase_add_loop_test(t, the_journal_gets_priorities_and_no_time, 0, 2);
    tcase_add_test(t, a_progress_bar_is_wiped_before_a_line);
    tcase_add_test(t, lines_of_many_threads_stay_whole);
}
