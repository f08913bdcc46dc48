// SPDX-License-Identifier: MIT
// What the server made of a change of the configuration: saved as a version, or why not.
import {ApiError} from "../api.js";

// Throws where nothing was saved, with the mistakes.
export function saved(answer, title) {
  if (answer.saved) return answer;
  throw new ApiError(422, {code: "config.invalid", title, text: answer.refused || "", mistakes: answer.mistakes || [], facts: {}});
}
