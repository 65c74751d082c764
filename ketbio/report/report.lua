-- What the formats need beyond pandoc's own output; the text is never changed here.

local function plain(blocks)
  return pandoc.utils.stringify(blocks)
end

-- HTML: every table scrolls inside itself, by keyboard too, and its headings say what they head.
local function scope(row, value, first_only)
  for place, cell in ipairs(row.cells) do
    if not first_only or place == 1 then
      cell.attributes.scope = value
    end
  end
end

local function html_table(tbl)
  for place, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[place] = { spec[1], nil }
  end
  for _, row in ipairs(tbl.head.rows) do
    scope(row, "col", false)
  end
  if tbl.classes:includes("stub") then
    for _, body in ipairs(tbl.bodies) do
      body.row_head_columns = 1
      for _, row in ipairs(body.body) do
        scope(row, "row", true)
      end
    end
  end
  local label = plain(tbl.caption.long)
  local attr = pandoc.Attr("", { "scroll" }, { role = "region", tabindex = "0", ["aria-label"] = label })
  return pandoc.Div({ tbl }, attr)
end

-- PDF: pandoc's typst writer leaves the alternative text out.
local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

local function typst_image(image)
  local code = "image(" .. typst_string(image.src) .. ", width: 100%, alt: "
    .. typst_string(plain(image.caption)) .. ")"
  return pandoc.RawInline("typst", "#" .. code)
end

-- PDF: a word longer than a line may break anywhere.
local LONGEST_WORD = 24

local function typst_word(word)
  if utf8.len(word.text) and utf8.len(word.text) > LONGEST_WORD then
    local letters = {}
    for _, code in utf8.codes(word.text) do
      table.insert(letters, utf8.char(code))
    end
    return pandoc.Str(table.concat(letters, "\u{200B}"))
  end
end

local function typst_table(tbl)
  local size = tbl.classes:includes("long") and "7pt" or "8.5pt"
  tbl.attributes["typst:text:size"] = size
  return tbl
end

local function typst_div(div)
  if div.classes:includes("notice") then
    div.attributes["typst:text:fill"] = 'rgb("#8a1c00")'
    div.attributes["typst:text:weight"] = '"bold"'
  elseif div.classes:includes("safety") then
    div.attributes["typst:stroke"] = '(left: 2pt + rgb("#8a1c00"))'
    div.attributes["typst:inset"] = "(left: 8pt)"
    div.attributes["typst:width"] = "100%"
  end
  return div
end

if FORMAT:match("html") then
  return { { Table = html_table } }
elseif FORMAT == "typst" then
  return { { Str = typst_word, Image = typst_image, Table = typst_table, Div = typst_div } }
end
return {}
