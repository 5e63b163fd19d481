// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See image.hpp.
#include "formats/image.hpp"

#include <cstring>
#include <stdexcept>

#include <rondo/crc32.hpp>

#include "formats/row_order.hpp"

namespace rondo::tool {
namespace {

// A layer's rows in one packing.
struct Rows {
  std::vector<GateGroup> groups;
  std::uint32_t outputs;
  Packing packing;

  Rows(Kind kind, Type type, std::uint32_t units, Packing packing_of_image)
      : groups(gate_groups(kind, type, units, packing_of_image)),
        outputs(units),
        packing(packing_of_image) {}
  std::uint32_t stored(std::uint32_t inputs, bool columns) const {
    return columns ? inputs : groups.front().shape.padded(inputs);
  }
  std::uint32_t gates() const { return groups.back().first_gate + groups.back().shape.gates; }
};

void require_size(std::size_t size, std::size_t wanted) {
  if (size != wanted) {
    throw std::logic_error("pack: an array does not have the shape of its layer");
  }
}

template <class T>
std::vector<T> pack_matrix(const std::vector<T>& w, const Rows& rows, std::uint32_t inputs,
                           bool columns) {
  require_size(w.size(), std::size_t{rows.gates()} * rows.outputs * inputs);
  std::vector<T> packed(std::size_t{rows_of(rows.groups)} * rows.stored(inputs, columns));
  for_each_row(rows.groups, [&](const GateGroup& group, const PackedRow& row) {
    if (row.unit >= rows.outputs) return;
    const T* const from = &w[std::size_t{row.gate * rows.outputs + row.unit} * inputs];
    for (std::uint32_t i = 0; i < inputs; ++i) {
      packed[place_of(group, row, inputs, i, columns, rows.packing)] = from[i];
    }
  });
  return packed;
}

template <class T>
std::vector<T> unpack_matrix(const T* packed, const Rows& rows, std::uint32_t inputs,
                             bool columns) {
  std::vector<T> w(std::size_t{rows.gates()} * rows.outputs * inputs);
  for_each_row(rows.groups, [&](const GateGroup& group, const PackedRow& row) {
    if (row.unit >= rows.outputs) return;
    T* const to = &w[std::size_t{row.gate * rows.outputs + row.unit} * inputs];
    for (std::uint32_t i = 0; i < inputs; ++i) {
      to[i] = packed[place_of(group, row, inputs, i, columns, rows.packing)];
    }
  });
  return w;
}

template <class T>
std::vector<T> pack_rows(const std::vector<T>& values, const Rows& rows, T padding) {
  require_size(values.size(), std::size_t{rows.gates()} * rows.outputs);
  std::vector<T> packed(rows_of(rows.groups), padding);
  for_each_row(rows.groups, [&](const GateGroup&, const PackedRow& row) {
    if (row.unit < rows.outputs) packed[row.row] = values[row.gate * rows.outputs + row.unit];
  });
  return packed;
}

template <class T>
std::vector<T> unpack_rows(const T* packed, const Rows& rows) {
  std::vector<T> values(std::size_t{rows.gates()} * rows.outputs);
  for_each_row(rows.groups, [&](const GateGroup&, const PackedRow& row) {
    if (row.unit < rows.outputs) values[row.gate * rows.outputs + row.unit] = packed[row.row];
  });
  return values;
}

// The rows of the biases: in gru each block has those of one more gate.
Rows bias_rows(Kind kind, Rows rows) {
  if (kind == Kind::gru) ++rows.groups.front().shape.gates;
  return rows;
}

// The sum of each row's weights, in packed order.
std::vector<std::int32_t> row_sums(const std::vector<std::int8_t>& w, const Rows& rows,
                                   std::uint32_t inputs) {
  std::vector<std::int32_t> sums(w.size() / inputs);
  for (std::size_t r = 0; r < sums.size(); ++r) {
    for (std::uint32_t i = 0; i < inputs; ++i) sums[r] += w[r * inputs + i];
  }
  return pack_rows(sums, rows, 0);
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

MatrixOffsets add_matrix(Writer& writer, const ImageMatrix& m, const Rows& rows, Type type,
                         std::uint32_t inputs, bool columns) {
  MatrixOffsets at;
  if (type == Type::f32) {
    at.w = writer.add(pack_matrix(m.f32, rows, inputs, columns));
    return at;
  }
  at.w = writer.add(pack_matrix(m.s8, rows, inputs, columns));
  at.scale = writer.add(pack_rows(m.scale, rows, 1));
  if (rows.packing == Packing::host && !columns) {
    at.sums = writer.add(row_sums(m.s8, rows, inputs));
  }
  return at;
}

// Layers that have nothing but a vector: skip has a multiplier for each output, pool nothing.
void add_vectors(Writer& writer, const ImageLayer& layer, LayerRecord& record) {
  if (layer.kind != Kind::skip || layer.type == Type::f32) return;
  require_size(layer.w.scale.size(), layer.outputs);
  require_size(layer.bias_s32.size(), layer.outputs);
  record.scale_w = writer.add(layer.w.scale);
  record.shift_w = layer.w.shift;
  record.bias = writer.add(layer.bias_s32);
}

void add_arrays(Writer& writer, const ImageLayer& layer, const Rows& rows, LayerRecord& record) {
  const bool columns = layer.input == Format::token;
  const MatrixOffsets w = add_matrix(writer, layer.w, rows, layer.type, layer.inputs, columns);
  record.w = w.w;
  record.scale_w = w.scale;
  record.sums_w = w.sums;
  record.shift_w = layer.w.shift;
  if (layer.recurrent != Format::token) {
    const MatrixOffsets u = add_matrix(writer, layer.u, rows, layer.type, layer.outputs, false);
    record.u = u.w;
    record.scale_u = u.scale;
    record.sums_u = u.sums;
    record.shift_u = layer.u.shift;
  }
  const Rows biases = bias_rows(layer.kind, rows);
  record.bias = layer.type == Type::f32 ? writer.add(pack_rows(layer.bias_f32, biases, 0.0F))
                                        : writer.add(pack_rows(layer.bias_s32, biases, 0));
  if (!layer.initial_f32.empty()) record.initial = writer.add(layer.initial_f32);
  if (!layer.initial_s32.empty()) record.initial = writer.add(layer.initial_s32);
}

bool has_rows(Kind kind) {
  return kind != Kind::pool && kind != Kind::skip;
}

LayerRecord add_layer(Writer& writer, const ImageLayer& layer, Packing packing) {
  LayerRecord record{};
  record.kind = layer.kind;
  record.type = layer.type;
  record.input = layer.input;
  record.output = layer.output;
  record.recurrent = layer.recurrent;
  record.mode = layer.mode;
  record.direction = layer.direction;
  record.inputs = layer.inputs;
  record.outputs = layer.outputs;
  if (has_rows(layer.kind)) {
    add_arrays(writer, layer, {layer.kind, layer.type, layer.outputs, packing}, record);
  } else {
    add_vectors(writer, layer, record);
  }
  return record;
}

template <class T>
const T* array_at(std::span<const std::uint8_t> image, std::uint32_t offset) {
  return static_cast<const T*>(static_cast<const void*>(image.data() + offset));
}

template <class T>
std::vector<T> vector_at(std::span<const std::uint8_t> image, std::uint32_t offset,
                         std::size_t size) {
  if (offset == 0) return {};
  const T* const values = array_at<T>(image, offset);
  return {values, values + size};
}

ImageMatrix take_matrix(std::span<const std::uint8_t> image, Type type, const Rows& rows,
                        std::uint32_t inputs, bool columns, const MatrixOffsets& at,
                        std::uint8_t shift) {
  ImageMatrix m;
  if (type == Type::f32) {
    m.f32 = unpack_matrix(array_at<float>(image, at.w), rows, inputs, columns);
    return m;
  }
  m.s8 = unpack_matrix(array_at<std::int8_t>(image, at.w), rows, inputs, columns);
  m.scale = unpack_rows(array_at<std::int32_t>(image, at.scale), rows);
  m.shift = shift;
  return m;
}

void take_arrays(std::span<const std::uint8_t> image, const LayerRecord& record, const Rows& rows,
                 ImageLayer& layer) {
  layer.w = take_matrix(image, layer.type, rows, layer.inputs, layer.input == Format::token,
                        {record.w, record.scale_w, record.sums_w}, record.shift_w);
  if (layer.recurrent != Format::token) {
    layer.u = take_matrix(image, layer.type, rows, layer.outputs, false,
                          {record.u, record.scale_u, record.sums_u}, record.shift_u);
  }
  const std::size_t initial = std::size_t{layer.outputs} * (layer.kind == Kind::lstm ? 2 : 1);
  const Rows biases = bias_rows(layer.kind, rows);
  if (layer.type == Type::f32) {
    layer.bias_f32 = unpack_rows(array_at<float>(image, record.bias), biases);
    layer.initial_f32 = vector_at<float>(image, record.initial, initial);
  } else {
    layer.bias_s32 = unpack_rows(array_at<std::int32_t>(image, record.bias), biases);
    layer.initial_s32 = vector_at<std::int32_t>(image, record.initial, initial);
  }
}

ImageLayer take_layer(std::span<const std::uint8_t> image, const LayerRecord& record,
                      Packing packing) {
  ImageLayer layer;
  layer.kind = record.kind;
  layer.type = record.type;
  layer.input = record.input;
  layer.output = record.output;
  layer.recurrent = record.recurrent;
  layer.mode = record.mode;
  layer.direction = record.direction;
  layer.inputs = record.inputs;
  layer.outputs = record.outputs;
  if (has_rows(layer.kind)) {
    take_arrays(image, record, {layer.kind, layer.type, layer.outputs, packing}, layer);
  } else if (record.scale_w != 0) {
    layer.w.scale = vector_at<std::int32_t>(image, record.scale_w, layer.outputs);
    layer.w.shift = record.shift_w;
    layer.bias_s32 = vector_at<std::int32_t>(image, record.bias, layer.outputs);
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
  std::uint32_t crc =
      crc_of(std::vector<std::uint32_t>{static_cast<std::uint32_t>(content.input), content.inputs,
                                        content.outputs, content.max_steps},
             0);
  crc = crc_of(content.inv_step, crc_of(content.mean, crc));
  for (const ImageLayer& layer : content.layers) {
    std::vector<std::uint32_t> fields = {layer.mode, layer.inputs, layer.outputs};
    for (const auto field :
         {static_cast<std::uint8_t>(layer.kind), static_cast<std::uint8_t>(layer.type),
          static_cast<std::uint8_t>(layer.input), static_cast<std::uint8_t>(layer.output),
          static_cast<std::uint8_t>(layer.recurrent), static_cast<std::uint8_t>(layer.direction)}) {
      fields.push_back(field);
    }
    crc = crc_of(layer.u, crc_of(layer.w, crc_of(fields, crc)));
    crc = crc_of(layer.bias_s32, crc_of(layer.bias_f32, crc));
    crc = crc_of(layer.initial_s32, crc_of(layer.initial_f32, crc));
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
  header.max_steps = content.max_steps;
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
  content.max_steps = header.max_steps;
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
