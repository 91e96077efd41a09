#include "settings/yaml_files.hpp"

#include <algorithm>

namespace posthorn::settings {

std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& directory,
                                              problem_list& problems) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator i(directory, error), end; !error && i != end;
         i.increment(error)) {
        const auto& path = i->path();
        if (path.extension() == ".yaml" && !path.filename().string().starts_with('.'))
            files.push_back(path);
        else if (path.extension() == ".yml")
            problems.push_back({path.string(),
                                0,
                                0,
                                {},
                                "is not read: name it " + path.stem().string() + ".yaml"});
    }
    if (error)
        problems.push_back(
            {directory.string(), 0, 0, {}, "the directory cannot be read: " + error.message()});
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace posthorn::settings
