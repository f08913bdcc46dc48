/* SPDX-License-Identifier: MIT
 * plugins/mpluskassa/xml.c: the scanner agrees with expat, is fast and has bounds. */
#include "soap_fixture.h"

static void append(char *xml, const char *text, int times)
{
    char *end = xml + strlen(xml);

    while (times-- > 0) {
        memcpy(end, text, strlen(text) + 1);
        end += strlen(text);
    }
}

START_TEST(depth_bomb)
{
    char *xml = calloc(1, 1 << 20);

    ck_assert_ptr_nonnull(xml);
    append(xml, HEAD "<r><orderList><order>", 1);
    append(xml, "<unknown>", 10000);
    expect_bad(xml, strlen(xml), "nested deeper");
    memset(xml, 0, 1 << 20);
    append(xml, HEAD "<r><orderList><order><lineList>", 1);
    append(xml, "<line><preparationList>", 5000);
    expect_bad(xml, strlen(xml), "nested deeper");
    free(xml);
}
END_TEST

START_TEST(write_depth)
{
    json_t *record = json_object();
    char why[SOAP_WHY_BYTES] = "";
    int i;

    for (i = 0; i < 200; i++)
        record = json_pack("{s:[o]}", "contactList", record);
    ck_assert_ptr_null(written(record, why));
    ck_assert_ptr_nonnull(strstr(why, "nested deeper"));
    json_decref(record);
}
END_TEST

/* The scanner against expat: what expat takes, it takes, and both see the same. */
struct events {
    char text[4096];
    size_t bytes;
};

static void note(struct events *e, char kind, const char *text, size_t bytes)
{
    if (kind == 'T' && bytes == 0)
        return;
    if (e->bytes + bytes + 2 > sizeof e->text)
        return;
    if (kind != 'T' || e->bytes == 0 || e->text[e->bytes - 1] != '\1')
        e->text[e->bytes++] = kind;
    else
        e->bytes--;
    memcpy(e->text + e->bytes, text, bytes);
    e->bytes += bytes;
    if (kind == 'T')
        e->text[e->bytes++] = '\1'; /* texts in pieces are one */
    e->text[e->bytes] = '\0';
}

static void on_start(void *data, const char *name, const char **attributes)
{
    (void)attributes;
    note(data, '<', name, strlen(name));
}

static void on_end(void *data, const char *name)
{
    note(data, '>', name, strlen(name));
}

static void on_text(void *data, const char *text, int bytes)
{
    note(data, 'T', text, (size_t)bytes);
}

static bool by_expat(const char *xml, struct events *e)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    bool fine;

    XML_SetUserData(parser, e);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    fine = XML_Parse(parser, xml, (int)strlen(xml), 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return fine;
}

static bool by_scanner(const char *xml, struct events *e)
{
    struct xml_scan scan;
    bool fine = true;
    int depth = 0;

    xml_init(&scan, xml, strlen(xml));
    for (;;) {
        enum xml_event event = xml_next(&scan);

        if (event == XML_DONE || event == XML_BROKEN) {
            fine = fine && event == XML_DONE;
            break;
        }
        if (event == XML_TEXT && depth > 0) {
            note(e, 'T', scan.text, scan.text_bytes);
            fine = fine && !scan.flaw[0];
        }
        if (event == XML_START)
            note(e, '<', scan.name, scan.name_bytes);
        if (event == XML_END)
            note(e, '>', scan.name, scan.name_bytes);
        depth += event == XML_START ? 1 : event == XML_END ? -1 : 0;
    }
    xml_done(&scan);
    return fine;
}

START_TEST(scanner_and_expat_agree)
{
    static const char *const pieces[] = {
        "<a>",  "</a>", "<b x='1'>", "</b>",  "<c/>",       "<a:d y=\"&lt;>\" />",
        "text", "&amp;", "&#65;",    "&#xe9;", "\r\n",       "\xc3\xa9",
        "\xf0\x9f\x98\x80", "<!-- - -->", "<![CDATA[<]>&]]>", "<?p i?>", "\x0b", "&nope;",
        "\xff", "&#0;", "<", "&", "]]", "<a", "'"};
    unsigned seed = 7, agreed = 0;
    int round, k;

    for (round = 0; round < 30000; round++) {
        char xml[600] = "<r>";
        struct events ours = {0}, theirs = {0};
        bool fine;

        for (k = 0; k < 6; k++) {
            seed = seed * 1103515245u + 12345u;
            strcat(xml, pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])]);
        }
        strcat(xml, "</r>");
        fine = by_expat(xml, &theirs);
        if (fine) {
            ck_assert_msg(by_scanner(xml, &ours), "the scanner refuses %s", xml);
            ck_assert_msg(strcmp(ours.text, theirs.text) == 0, "%s\nis %s\nnot %s", xml, ours.text,
                          theirs.text);
            agreed++;
        }
    }
    ck_assert_uint_gt(agreed, 300);
}
END_TEST

/* 200 orders in one page, as the connector reads them, far faster than 10 000 a second. */
START_TEST(fast_enough)
{
    const char *from = strstr(sample, "<ns:order>"), *to = strstr(sample, "</ns:orderList>");
    size_t one = (size_t)(to - from), room = one * 200 + 1024, at;
    char *xml = malloc(room);
    struct timespec begin, end;
    json_t *answer;
    double seconds;
    int i;

    ck_assert_ptr_nonnull(xml);
    at = (size_t)snprintf(xml, room, HEAD "<ns:GetOrdersResponse><ns:orderList>");
    for (i = 0; i < 200; i++, at += one)
        memcpy(xml + at, from, one);
    snprintf(xml + at, room - at, "</ns:orderList></ns:GetOrdersResponse>" TAIL);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (i = 0; i < 20; i++) {
        answer = read_ok(xml);
        ck_assert_uint_eq(json_array_size(json_object_get(answer, "orderList")), 200);
        json_decref(answer);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    printf("decoded %.0f orders/s\n", 200 * 20 / seconds);
    ck_assert_msg(seconds < 10, "4000 orders took %.1f s", seconds); /* slack for sanitizers */
    free(xml);
}
END_TEST

UNIT_MAIN("soap scan")
{
    tcase_set_timeout(t, 30);
    tcase_add_test(t, scanner_and_expat_agree);
    tcase_add_test(t, depth_bomb);
    tcase_add_test(t, write_depth);
    tcase_add_test(t, fast_enough);
}
