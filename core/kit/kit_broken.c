/* SPDX-License-Identifier: MIT
 * Broken answers. */
#include "kit/kit_broken.h"

#include <stdlib.h>
#include <string.h>

#define JSON_TYPE "application/json"
#define XML_TYPE "text/xml"
#define LEVELS 10000
#define DIGITS (1024 * 1024)

#define ANSWER(type, body) {200, type, body, sizeof body - 1, 0, 0}

bool kit_broken_answer(int i, struct kit_peer *out)
{
    static const struct kit_peer all[] = {
        {204, "", "", 0, 0, 0},
        {200, JSON_TYPE, "", 0, 0, 0},
        ANSWER(JSON_TYPE, "null"),
        ANSWER(JSON_TYPE, "[]"),
        ANSWER(JSON_TYPE, "{}"),
        ANSWER(JSON_TYPE, "[null]"),
        ANSWER(JSON_TYPE, "[[]]"),
        ANSWER(JSON_TYPE, "42"),
        ANSWER(JSON_TYPE, "\"text\""),
        ANSWER(JSON_TYPE, "true"),
        ANSWER(JSON_TYPE, "{\"id\": "),
        ANSWER(JSON_TYPE, "[{\"id\": 1}, {\"id\": "),
        ANSWER(JSON_TYPE, "{\"id\": 1, \"id\": 2}"),
        ANSWER(JSON_TYPE, "{\"data\": 3, \"items\": \"x\", \"result\": [], \"_data\": null}"),
        ANSWER(JSON_TYPE, "{\"data\": [1, null, [], {}, \"x\"], \"_data\": [1, null, {}]}"),
        ANSWER(JSON_TYPE, "\xef\xbb\xbf"),
        ANSWER(JSON_TYPE, "{\"id\": \"\xff\xfe\"}"),
        ANSWER(JSON_TYPE, "{\"id\": \"\xed\xa0\x80\"}"),
        ANSWER(JSON_TYPE, "{\"id\": \"\\ud800\"}"),
        ANSWER(JSON_TYPE, "\0\0\0\0"),
        ANSWER(JSON_TYPE, "{\"id\": 1}\0garbage"),
        ANSWER(XML_TYPE, "<"),
        ANSWER(XML_TYPE, "<?xml version=\"1.0\"?>"),
        ANSWER(XML_TYPE, "<a><b></a>"),
        ANSWER(XML_TYPE, "<a xmlns=\"x\"/>"),
        ANSWER(XML_TYPE, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                         "<s:Body/></s:Envelope>"),
        ANSWER(XML_TYPE, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                         "<s:Body><s:Fault/></s:Body></s:Envelope>"),
        ANSWER("text/plain", "OK"),
        ANSWER("text/csv", "id;name\n1;\"x\n"),
        ANSWER("", "{}"),
        {302, "text/html", "", 0, 0, 0},
        {100, "", "", 0, 0, 0},
    };
    if (i < 0 || i >= (int)(sizeof all / sizeof all[0]))
        return false;
    *out = all[i];
    return true;
}

/* The same word so many times. */
static size_t put(char *out, const char *word, size_t times)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * n, word, n);
    out[n * times] = '\0';
    return n * times;
}

static const char bomb[] =
    "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"1234567890\">"
    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
    "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">"
    "<!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\"><!ENTITY h \"&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;\">"
    "<!ENTITY i \"&h;&h;&h;&h;&h;&h;&h;&h;&h;&h;\">]><a>&i;&i;&i;&i;&i;</a>";

char *kit_broken_monster(int i, struct kit_peer *out)
{
    char *text = i < 5 ? malloc(10 * (size_t)LEVELS + DIGITS + sizeof bomb) : NULL;
    size_t n = 0;
    if (!text)
        return NULL;
    if (i == 0) {
        n = put(text, "[", LEVELS);
        n += put(text + n, "]", LEVELS);
    } else if (i == 1) {
        n = put(text, "{\"a\":", LEVELS);
        n += put(text + n, "1", 1);
        n += put(text + n, "}", LEVELS);
    } else if (i == 2) {
        n = put(text, "<a>", LEVELS);
        n += put(text + n, "</a>", LEVELS);
    } else if (i == 3) {
        n = put(text, "1", DIGITS);
    } else {
        n = put(text, bomb, 1);
    }
    *out = (struct kit_peer){.status = 200, .type = i == 2 || i == 4 ? XML_TYPE : JSON_TYPE,
                             .body = text, .bytes = n};
    return text;
}
