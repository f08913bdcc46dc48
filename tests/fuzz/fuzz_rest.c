/* SPDX-License-Identifier: MIT
 * Any text as a description, and as the answer of a system, its message and our cursor. */
#include "../unit/rest_host.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const char good[] =
    "{\"title\":\"Shop\",\"connector\":\"rest\",\"settings\":[{\"name\":\"url\"},{\"name\":\"key\","
    "\"secret\":true}],\"service\":{\"base\":\"{url}\",\"errors\":{\"code\":\"error.code\","
    "\"inside\":true,\"kinds\":{\"1\":\"missing\",\"2\":\"gone\"}}},"
    "\"entities\":[{\"name\":\"order\",\"key\":\"id\",\"can\":[\"read\",\"fetch\",\"find\","
    "\"create\","
    "\"receive\"],\"find\":[\"id\"],\"repeat\":\"idempotent\",\"batch\":{\"write\":2},"
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"total\",\"type\":\"decimal\"},{\"name\":\"on\","
    "\"type\":\"boolean\"},{\"name\":\"at\",\"type\":\"time\"},{\"name\":\"lines\","
    "\"type\":\"list\","
    "\"fields\":[{\"name\":\"count\",\"type\":\"integer\"}]}],"
    "\"calls\":{\"read\":{\"path\":\"/o\",\"query\":{\"from\":\"{since}\",\"page\":\"{page}\"},"
    "\"list\":\"data.rows\",\"pages\":{\"by\":\"page\",\"rows\":2},\"since\":{\"field\":\"at\"}},"
    "\"fetch\":{\"path\":\"/o/{id}\"},\"find\":{\"id\":{\"path\":\"/o\","
    "\"query\":{\"id\":\"{value}\"},"
    "\"list\":\"data.rows\"}},\"create\":{\"path\":\"/o\",\"body\":{\"rows\":\"{records}\"},"
    "\"put\":{\"key\":\"{job}\"},\"rows\":{\"list\":\"data.rows\",\"code\":\"error.code\","
    "\"id\":\"id\"}},"
    "\"receive\":{\"list\":\"data.rows\",\"open\":true}}}]}";

/* Everything that reads what a system says. */
static void answer(const char *text)
{
    static const char *const keys[] = {"1"};
    struct koppel_results found, written;
    struct koppel_batch out = {.plugin = "rest"};
    struct koppel_read_request read = {.entity = "order", .limit = 2, .cursor = text};
    struct koppel_fetch_request fetch = {.entity = "order", .count = 1, .ids = keys};
    struct koppel_find_request find = {.entity = "order", .count = 1, .match = "id", .keys = keys};
    struct koppel_subscription s = {.entity = "order", .url = "https://k.example", .secret = "x"};
    struct koppel_receive_request message = {.method = "POST", .body = text,
                                             .body_bytes = strlen(text), .subscription = &s};
    json_t *record = json_pack("{s:s}", "total", "1.50");
    struct koppel_write_item a = {.job = "a", .record = record}, b = {.job = "b", .record = record};
    const struct koppel_write_item *items[] = {&a, &b};
    struct koppel_write_request write = {.verb = KOPPEL_VERB_CREATE, .count = 2, .entity = "order",
                                         .items = items};
    rest_answers(200, text);
    read_page(&rest, &read, &out, &rest_err);
    batch_done(&out);
    out = (struct koppel_batch){.plugin = "rest", .unended = true};
    fetch_records(&rest, &fetch, &out, &rest_err);
    receive_message(&rest, &message, &out, &rest_err);
    batch_done(&out);
    results_init(&found, 1);
    find_records(&rest, &find, &found, &rest_err);
    results_done(&found);
    results_init(&written, 2);
    write_records(&rest, &write, &written, &rest_err);
    results_done(&written);
    json_decref(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char *text = malloc(bytes + 1);
    if (!text)
        return 0;
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    if (!rest_describe(text) && !rest_err.text[0] && strstr(text, "\"connector\""))
        abort();
    if (!rest_describe(good))
        abort();
    answer(text);
    free(text);
    return 0;
}
