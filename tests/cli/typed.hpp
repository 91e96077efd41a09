// `posthorn` as somebody types it.
#pragma once

#include "cli/run.hpp"

#include <sstream>
#include <string>
#include <vector>

struct typed {
    int code = 0;
    std::string out;
    std::string err;

    // `words` after the name of the program.
    explicit typed(std::vector<std::string> words) {
        words.insert(words.begin(), "posthorn");
        std::vector<const char*> arguments;
        for (const auto& word : words)
            arguments.push_back(word.c_str());
        std::ostringstream out_text, err_text;
        posthorn::cli::console to{out_text, err_text, false};
        code = posthorn::cli::run(static_cast<int>(arguments.size()), arguments.data(), to);
        out = out_text.str();
        err = err_text.str();
    }
};
