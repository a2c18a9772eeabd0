// Hashes the drawn pictures as Meta's C++ file tool does, with its own sources but without its decoder:
//   g++ -O2 -std=c++17 -I THREATEXCHANGE reduced.cpp THREATEXCHANGE/pdq/cpp/{common/pdqhashtypes,common/pdqhamming,
//   hashing/pdqhashing,hashing/torben,downscaling/downscaling}.cpp -o reduced && ./reduced FOLDER/*.p?m
// prints file, quality and hash. The source index of nearest neighbour, floor(k * side / 512), is CImg's.
#include <pdq/cpp/downscaling/downscaling.h>
#include <pdq/cpp/hashing/pdqhashing.h>
#include <cstdio>
#include <vector>
using namespace facebook::pdq;

int main(int argc, char** argv) {
  for (int a = 1; a < argc; a++) {
    FILE* file = fopen(argv[a], "rb");
    char kind;
    int width, height;
    if (!file || fscanf(file, "P%c %d %d 255", &kind, &width, &height) != 3) return 1;
    fgetc(file);
    int channels = kind == '6' ? 3 : 1;
    std::vector<unsigned char> from((size_t)width * height * channels);
    if (fread(from.data(), 1, from.size(), file) != from.size()) return 1;
    fclose(file);
    bool large = width > 512 || height > 512;
    int columns = large ? 512 : width, rows = large ? 512 : height;
    std::vector<unsigned char> to((size_t)columns * rows * channels);
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x++)
        for (int c = 0; c < channels; c++)
          to[((size_t)y * columns + x) * channels + c] =
              from[((size_t)((long)y * height / rows) * width + (long)x * width / columns) * channels + c];
    std::vector<float> luma((size_t)columns * rows), spare(luma.size());
    if (channels == 3)
      downscaling::fillFloatLumaFromRGB(&to[0], &to[1], &to[2], rows, columns, columns * 3, 3, luma.data());
    else
      downscaling::fillFloatLumaFromGrey(&to[0], rows, columns, columns, 1, luma.data());
    float b64[64][64], b1664[16][64], b16[16][16];
    hashing::Hash256 hash;
    int quality;
    hashing::pdqHash256FromFloatLuma(luma.data(), spare.data(), rows, columns, b64, b1664, b16, hash, quality);
    printf("%s %d %s\n", argv[a], quality, hash.format().c_str());
  }
}
