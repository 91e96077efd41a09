#include "settings/secret.hpp"

#include <cstdlib>
#include <fstream>

namespace posthorn::settings {

namespace {

constexpr std::size_t longest_secret = 64u << 10;

result<std::string> without_line_end(std::string text, std::string_view source) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    if (text.empty())
        return refuse("the secret in " + std::string(source) + " is empty");
    return text;
}

result<std::string> read(const std::filesystem::path& file, std::string_view source) {
    std::error_code error;
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file, error))
        return refuse("the secret " + std::string(source) + " cannot be read from " +
                      file.string() + ": it is missing, or this user may not read it");
    std::string text(longest_secret + 1, '\0'); // no more: a device has no end
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > longest_secret)
        return refuse("the secret in " + file.string() + " is longer than 64 KiB");
    return without_line_end(std::move(text), source);
}

result<std::string> read_credential(std::string_view name, std::string_view source) {
    if (name.find('/') != std::string_view::npos || name == "." || name == "..")
        return refuse("a credential is a plain name, is '" + std::string(name) + "'");
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr)
        return refuse("there are no credentials: start with systemd and LoadCredential=" +
                      std::string(name) + ":PATH, or use file:PATH");
    return read(std::filesystem::path(folder) / name, source);
}

result<std::string> read_environment(const std::string& name, std::string_view source) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr)
        return refuse("the environment has no variable " + name);
    return without_line_end(value, source);
}

} // namespace

result<std::string> load_secret(std::string_view source, const std::filesystem::path& folder) {
    const auto colon = source.find(':');
    const auto kind = source.substr(0, colon);
    const auto name = colon == std::string_view::npos ? "" : source.substr(colon + 1);
    const bool known = kind == "file" || kind == "credential" || kind == "env";
    if (!known || colon == std::string_view::npos)
        return refuse("a secret does not stand in this file: write file:PATH, credential:NAME or "
                      "env:NAME");
    if (name.empty())
        return refuse("says nothing after '" + std::string(kind) + ":'");
    if (kind == "file")
        return read(folder / name, source);
    return kind == "credential" ? read_credential(name, source)
                                : read_environment(std::string(name), source);
}

} // namespace posthorn::settings
