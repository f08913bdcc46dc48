/* SPDX-License-Identifier: MIT
 * A long line from standard input. */
#include "commands/pasted.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"

#define END_OF_INPUT 4 /* what a terminal sends for control and D */
#define BACKSPACE 127

/* Line by line the kernel takes 4095 bytes at most, and drops the rest of a longer line. */
static bool take_terminal(struct termios *before)
{
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, before) != 0)
        return false;
    struct termios now = *before;
    now.c_lflag &= (tcflag_t)~ICANON;
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}

/* The next byte; -1 and err. */
static int next_byte(int64_t until_ms, struct koppel_error *err)
{
    for (;;) {
        struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
        int64_t left = until_ms - clock_monotonic_ms();
        int n = left > 0 ? poll(&in, 1, left > 60000 ? 60000 : (int)left) : 0;
        if (left <= 0)
            return err_set(err, KOPPEL_E_AUTH, "no address came in time; run the command again");
        if (n <= 0)
            continue;
        unsigned char c;
        ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got == 1)
            return c;
        if (got == 0)
            return err_set(err, KOPPEL_E_AUTH, "the input ended without an address");
        if (errno != EINTR && errno != EAGAIN)
            return err_set(err, KOPPEL_E_AUTH, "standard input: %s", strerror(errno));
    }
}

static int take_line(int64_t until_ms, bool terminal, char *out, struct koppel_error *err)
{
    size_t bytes = 0;
    for (int c; (c = next_byte(until_ms, err)) != '\n' && c != '\r';) {
        if (c < 0 && bytes > 0 && !terminal)
            break; /* the last line of a file may have no end */
        if (c < 0)
            return -1;
        if (terminal && c == END_OF_INPUT)
            return err_set(err, KOPPEL_E_AUTH, "the input ended without an address");
        if (terminal && (c == BACKSPACE || c == '\b')) {
            bytes -= bytes > 0;
            continue;
        }
        if (bytes == PASTED_MAX_BYTES - 1)
            return err_set(err, KOPPEL_E_AUTH, "the line is longer than %d bytes",
                           PASTED_MAX_BYTES - 1);
        out[bytes++] = c ? (char)c : ' ';
    }
    out[bytes] = '\0';
    return 0;
}

int pasted_line(int64_t until_ms, char out[PASTED_MAX_BYTES], struct koppel_error *err)
{
    struct termios before;
    bool terminal = take_terminal(&before);
    int rc = take_line(until_ms, terminal, out, err);
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return rc;
}
