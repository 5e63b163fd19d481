// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See image.hpp. Both directions walk over the rows in the packed order with the same function, so
// they cannot disagree.
#include "formats/image.hpp"

#include <cstring>
#include <stdexcept>

#include <rondo/crc32.hpp>

namespace rondo::tool {
namespace {

// Calls visit(packed row, gate, unit, first row of its block, rows of its block) in packed order;
// units beyond `outputs` are padding.
template <class Visit>
void for_each_row(const Shape& shape, Visit visit) {
  for (std::uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const std::uint32_t units = std::min(shape.units - unit, shape.block_units);
    const std::uint32_t first = unit * shape.gates, rows = units * shape.gates;
    for (std::uint32_t r = 0; r < rows; ++r) {
      visit(first + r, r / units, unit + r % units, first, rows);
    }
  }
}

// Where weight (row, input) stands in the packed matrix.
struct Place {
  const Shape& shape;
  std::uint32_t inputs;
  bool columns;
  std::size_t size() const {
    return std::size_t{shape.rows()} * (columns ? inputs : shape.padded(inputs));
  }
  std::size_t of(std::uint32_t row, std::uint32_t first, std::uint32_t rows,
                 std::uint32_t input) const {
    if (columns) return std::size_t{input} * shape.rows() + row;
    const std::size_t group = input / shape.group;
    return std::size_t{first} * shape.padded(inputs) +
           shape.group * (group * rows + (row - first)) + input % shape.group;
  }
};

template <class T>
std::vector<T> pack_matrix(const std::vector<T>& w, const Shape& shape, std::uint32_t outputs,
                           std::uint32_t inputs, bool columns) {
  if (w.size() != std::size_t{shape.gates} * outputs * inputs) {
    throw std::logic_error("pack: a matrix does not have the shape of its layer");
  }
  const Place place{shape, inputs, columns};
  std::vector<T> packed(place.size());
  for_each_row(shape, [&](auto row, auto gate, auto unit, auto first, auto rows) {
    if (unit >= outputs) return;
    const T* const from = &w[std::size_t{gate * outputs + unit} * inputs];
    for (std::uint32_t i = 0; i < inputs; ++i) packed[place.of(row, first, rows, i)] = from[i];
  });
  return packed;
}

template <class T>
std::vector<T> unpack_matrix(const T* packed, const Shape& shape, std::uint32_t outputs,
                             std::uint32_t inputs, bool columns) {
  const Place place{shape, inputs, columns};
  std::vector<T> w(std::size_t{shape.gates} * outputs * inputs);
  for_each_row(shape, [&](auto row, auto gate, auto unit, auto first, auto rows) {
    if (unit >= outputs) return;
    T* const to = &w[std::size_t{gate * outputs + unit} * inputs];
    for (std::uint32_t i = 0; i < inputs; ++i) to[i] = packed[place.of(row, first, rows, i)];
  });
  return w;
}

template <class T>
std::vector<T> pack_rows(const std::vector<T>& values, const Shape& shape, std::uint32_t outputs,
                         T padding) {
  if (values.size() != std::size_t{shape.gates} * outputs) {
    throw std::logic_error("pack: a row vector does not have the shape of its layer");
  }
  std::vector<T> packed(shape.rows(), padding);
  for_each_row(shape, [&](auto row, auto gate, auto unit, auto, auto) {
    if (unit < outputs) packed[row] = values[gate * outputs + unit];
  });
  return packed;
}

template <class T>
std::vector<T> unpack_rows(const T* packed, const Shape& shape, std::uint32_t outputs) {
  std::vector<T> values(std::size_t{shape.gates} * outputs);
  for_each_row(shape, [&](auto row, auto gate, auto unit, auto, auto) {
    if (unit < outputs) values[gate * outputs + unit] = packed[row];
  });
  return values;
}

// The sum of each row's weights, in packed order.
std::vector<std::int32_t> row_sums(const std::vector<std::int8_t>& w, const Shape& shape,
                                   std::uint32_t outputs, std::uint32_t inputs) {
  std::vector<std::int32_t> sums(std::size_t{shape.gates} * outputs);
  for (std::size_t r = 0; r < sums.size(); ++r) {
    for (std::uint32_t i = 0; i < inputs; ++i) sums[r] += w[r * inputs + i];
  }
  return pack_rows(sums, shape, outputs, 0);
}

// The image while it grows.
class Writer {
 public:
  explicit Writer(std::size_t align) : align_(align) {}
  void reserve(std::size_t size) { bytes_.resize(size); }
  template <class T>
  std::uint32_t add(const std::vector<T>& values) {
    bytes_.resize(round_up(bytes_.size(), align_));
    const std::size_t at = bytes_.size();
    bytes_.resize(at + values.size() * sizeof(T));
    std::memcpy(bytes_.data() + at, values.data(), values.size() * sizeof(T));
    if (bytes_.size() > UINT32_MAX) throw std::logic_error("pack: the image passes 4 GiB");
    return static_cast<std::uint32_t>(at);
  }
  std::vector<std::uint8_t>& bytes() { return bytes_; }

 private:
  std::size_t align_;
  std::vector<std::uint8_t> bytes_;
};

struct MatrixOffsets {
  std::uint32_t w = 0, scale = 0, sums = 0;
};

MatrixOffsets add_matrix(Writer& writer, const ImageMatrix& m, const Shape& shape,
                         const ImageLayer& layer, std::uint32_t inputs, bool columns,
                         Packing packing) {
  MatrixOffsets at;
  if (layer.type == Type::f32) {
    at.w = writer.add(pack_matrix(m.f32, shape, layer.outputs, inputs, columns));
    return at;
  }
  at.w = writer.add(pack_matrix(m.s8, shape, layer.outputs, inputs, columns));
  at.scale = writer.add(pack_rows(m.scale, shape, layer.outputs, 1));
  if (packing == Packing::host && !columns) {
    at.sums = writer.add(row_sums(m.s8, shape, layer.outputs, inputs));
  }
  return at;
}

LayerRecord add_layer(Writer& writer, const ImageLayer& layer, Packing packing) {
  const Shape shape = shape_of(layer.kind, layer.type, layer.outputs, packing);
  LayerRecord record{};
  record.kind = layer.kind;
  record.type = layer.type;
  record.input = layer.input;
  record.wide = layer.wide ? 1 : 0;
  record.inputs = layer.inputs;
  record.outputs = layer.outputs;
  const MatrixOffsets w =
      add_matrix(writer, layer.w, shape, layer, layer.inputs, layer.input == Input::token, packing);
  record.w = w.w;
  record.scale_w = w.scale;
  record.sums_w = w.sums;
  record.shift_w = layer.w.shift;
  if (layer.kind == Kind::lstm) {
    const MatrixOffsets u =
        add_matrix(writer, layer.u, shape, layer, layer.outputs, false, packing);
    record.u = u.w;
    record.scale_u = u.scale;
    record.sums_u = u.sums;
    record.shift_u = layer.u.shift;
  }
  record.bias = layer.type == Type::f32
                    ? writer.add(pack_rows(layer.bias_f32, shape, layer.outputs, 0.0F))
                    : writer.add(pack_rows(layer.bias_s32, shape, layer.outputs, 0));
  return record;
}

template <class T>
const T* array_at(std::span<const std::uint8_t> image, std::uint32_t offset) {
  return static_cast<const T*>(static_cast<const void*>(image.data() + offset));
}

ImageMatrix take_matrix(std::span<const std::uint8_t> image, const ImageLayer& layer,
                        const Shape& shape, std::uint32_t inputs, bool columns,
                        const MatrixOffsets& at, std::uint8_t shift) {
  ImageMatrix m;
  if (layer.type == Type::f32) {
    m.f32 = unpack_matrix(array_at<float>(image, at.w), shape, layer.outputs, inputs, columns);
    return m;
  }
  m.s8 = unpack_matrix(array_at<std::int8_t>(image, at.w), shape, layer.outputs, inputs, columns);
  m.scale = unpack_rows(array_at<std::int32_t>(image, at.scale), shape, layer.outputs);
  m.shift = shift;
  return m;
}

ImageLayer take_layer(std::span<const std::uint8_t> image, const LayerRecord& record,
                      Packing packing) {
  ImageLayer layer;
  layer.kind = record.kind;
  layer.type = record.type;
  layer.input = record.input;
  layer.wide = record.wide != 0;
  layer.inputs = record.inputs;
  layer.outputs = record.outputs;
  const Shape shape = shape_of(layer.kind, layer.type, layer.outputs, packing);
  layer.w = take_matrix(image, layer, shape, layer.inputs, layer.input == Input::token,
                        {record.w, record.scale_w, record.sums_w}, record.shift_w);
  if (layer.kind == Kind::lstm) {
    layer.u = take_matrix(image, layer, shape, layer.outputs, false,
                          {record.u, record.scale_u, record.sums_u}, record.shift_u);
  }
  if (layer.type == Type::f32) {
    layer.bias_f32 = unpack_rows(array_at<float>(image, record.bias), shape, layer.outputs);
  } else {
    layer.bias_s32 = unpack_rows(array_at<std::int32_t>(image, record.bias), shape, layer.outputs);
  }
  return layer;
}

template <class T>
std::uint32_t crc_of(const std::vector<T>& values, std::uint32_t before) {
  return crc32(reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T),
               before);
}

std::uint32_t crc_of(const ImageMatrix& m, std::uint32_t before) {
  before = crc_of(std::vector<std::uint32_t>{m.shift}, before);
  return crc_of(m.scale, crc_of(m.s8, crc_of(m.f32, before)));
}

}  // namespace

std::uint32_t model_id_of(const ImageContent& content) {
  std::uint32_t crc = crc_of(std::vector<std::uint32_t>{static_cast<std::uint32_t>(content.input),
                                                        content.inputs, content.outputs},
                             0);
  crc = crc_of(content.inv_step, crc_of(content.mean, crc));
  for (const ImageLayer& layer : content.layers) {
    const std::vector<std::uint32_t> fields = {static_cast<std::uint32_t>(layer.kind),
                                               static_cast<std::uint32_t>(layer.type),
                                               static_cast<std::uint32_t>(layer.input),
                                               layer.wide,
                                               layer.inputs,
                                               layer.outputs};
    crc = crc_of(layer.u, crc_of(layer.w, crc_of(fields, crc)));
    crc = crc_of(layer.bias_s32, crc_of(layer.bias_f32, crc));
  }
  return crc;
}

std::vector<std::uint8_t> pack(const ImageContent& content, Packing packing) {
  // Cache lines where kernels load whole registers; on microcontrollers a word, to save flash.
  Writer writer(packing == Packing::host ? 64 : 4);
  writer.reserve(sizeof(ImageHeader) + content.layers.size() * sizeof(LayerRecord));
  ImageHeader header{};
  header.magic = k_image_magic;
  header.version = k_format_version;
  header.packing = packing;
  header.layers = static_cast<std::uint8_t>(content.layers.size());
  header.model_id = model_id_of(content);
  header.user_version = content.user_version;
  header.inputs = content.inputs;
  header.outputs = content.outputs;
  header.input = content.input;
  if (!content.mean.empty()) {
    header.mean = writer.add(content.mean);
    header.inv_step = writer.add(content.inv_step);
  }
  std::vector<LayerRecord> records;
  for (const ImageLayer& layer : content.layers) {
    records.push_back(add_layer(writer, layer, packing));
  }
  if (!content.metadata.empty()) {
    header.metadata =
        writer.add(std::vector<char>(content.metadata.begin(), content.metadata.end()));
    header.metadata_bytes = static_cast<std::uint32_t>(content.metadata.size());
  }
  std::vector<std::uint8_t>& bytes = writer.bytes();
  bytes.resize(round_up(bytes.size(), 4));
  header.bytes = static_cast<std::uint32_t>(bytes.size());
  std::memcpy(bytes.data() + sizeof header, records.data(), records.size() * sizeof(LayerRecord));
  std::memcpy(bytes.data(), &header, sizeof header);
  header.crc = crc32(bytes.data() + k_crc_from, bytes.size() - k_crc_from);
  std::memcpy(bytes.data(), &header, sizeof header);
  return std::move(bytes);
}

ImageContent unpack(std::span<const std::uint8_t> image) {
  ImageHeader header;
  std::memcpy(&header, image.data(), sizeof header);
  ImageContent content;
  content.input = header.input;
  content.inputs = header.inputs;
  content.outputs = header.outputs;
  content.user_version = header.user_version;
  if (header.mean != 0) {
    const float* const mean = array_at<float>(image, header.mean);
    const float* const inv_step = array_at<float>(image, header.inv_step);
    content.mean.assign(mean, mean + header.inputs);
    content.inv_step.assign(inv_step, inv_step + header.inputs);
  }
  for (std::size_t i = 0; i < header.layers; ++i) {
    LayerRecord record;
    std::memcpy(&record, image.data() + sizeof header + i * sizeof record, sizeof record);
    content.layers.push_back(take_layer(image, record, header.packing));
  }
  const char* const text = array_at<char>(image, header.metadata);
  content.metadata.assign(text, text + header.metadata_bytes);
  return content;
}

}  // namespace rondo::tool
