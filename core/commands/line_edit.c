/* SPDX-License-Identifier: MIT
 * Lines by libedit, or as they come. */
#include "commands/line_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <editline/readline.h>

/* The library calls back without an argument. */
static line_edit_complete *asked;
static void *asked_arg;
static json_t *found;
static size_t next;

int line_edit_is_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static char *give_next(const char *text, int state)
{
    (void)text;
    if (state == 0)
        next = 0;
    const char *word = json_string_value(json_array_get(found, next++));
    return word ? strdup(word) : NULL;
}

static char **complete(const char *text, int start, int end)
{
    size_t from = 0;
    rl_attempted_completion_over = 1; /* names of files are no answer */
    json_decref(found);
    found = asked(asked_arg, rl_line_buffer, (size_t)end, &from);
    return (int)from == start && json_array_size(found) > 0 ? rl_completion_matches(text, give_next)
                                                            : NULL;
}

void line_edit_begin(line_edit_complete *complete_with, void *arg)
{
    asked = complete_with;
    asked_arg = arg;
    if (!line_edit_is_terminal())
        return;
    rl_readline_name = "koppel";
    rl_initialize();
    rl_attempted_completion_function = complete;
    rl_basic_word_break_characters = " {(;,=\"";
    rl_completer_word_break_characters = (char *)" {(;,=\"";
    rl_completion_append_character = '\0';
    using_history();
}

char *line_edit_read(const char *prompt)
{
    char *text = NULL;
    size_t room = 0;
    if (line_edit_is_terminal()) {
        text = readline(prompt);
        if (text && *text)
            add_history(text);
        return text;
    }
    ssize_t n = getline(&text, &room, stdin);
    if (n < 0) {
        free(text);
        return NULL;
    }
    if (n > 0 && text[n - 1] == '\n')
        text[n - 1] = '\0';
    return text;
}
