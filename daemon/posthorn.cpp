// `posthorn`: the command line.
#include "cli/run.hpp"

#include <unistd.h>

#include <iostream>

int main(int argc, char** argv) {
    posthorn::cli::console to{std::cout, std::cerr, isatty(STDERR_FILENO) == 1};
    return posthorn::cli::run(argc, argv, to);
}
